-- A ctid holds while this statement runs, and nothing updates these rows; most of the tables have no primary key.

-- name: drain
-- params: owner, limit
DELETE FROM {table}
WHERE ctid IN (SELECT s.ctid FROM {table} s WHERE s.{owner} = ? LIMIT ?);
