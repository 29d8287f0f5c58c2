-- Before the first ANALYZE the number of rows is -1.
-- name: tables
SELECT c.relname, GREATEST(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid),
       CASE WHEN c.reltuples > 0 THEN (pg_relation_size(c.oid) / c.reltuples)::bigint ELSE 0 END
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p');

-- name: log
SELECT 'WAL';

-- name: expired
-- only: mysql, postgresql
-- params: cut-off
SELECT id FROM {table} WHERE expiration <= ?;
