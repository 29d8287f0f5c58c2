-- A ctid holds while this statement runs, and nothing updates these rows; most of the tables have no primary key.

-- name: drain
-- params: owner, limit
DELETE FROM {table}
WHERE ctid IN (SELECT s.ctid FROM {table} s WHERE s.{owner} = ? LIMIT ?);

-- ctid needs a right of its own, which grants.postgresql.sql has; a right to the whole table has it as well.
-- name: may_drain
-- only: postgresql
SELECT has_column_privilege(current_user, '{table}', 'ctid', 'SELECT');
