-- Needs the UPDATE right on one column of the table. By runs of ids (runs.postgresql.sql), one after the other, so that
-- rows are locked in the order of their ids.
-- name: lock
SELECT x.*
FROM unnest({first}::bigint[], {last}::bigint[]) r (first, last),
     LATERAL (SELECT id, {parent} FROM {table} WHERE id BETWEEN r.first AND r.last
              ORDER BY id FOR UPDATE SKIP LOCKED) x;
