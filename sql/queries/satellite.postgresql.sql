-- A ctid holds while this statement runs, and nothing updates these rows; most of the tables have no primary key.

-- name: drain
-- params: owner, limit
DELETE FROM {table}
WHERE ctid IN (SELECT s.ctid FROM {table} s WHERE s.{owner} = ? LIMIT ?);

-- A column right does not reach ctid.
-- name: may_drain
-- only: postgresql
SELECT has_table_privilege(current_user, '{table}', 'SELECT');
