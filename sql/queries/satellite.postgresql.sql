-- Owners go by runs of consecutive ids (runs.postgresql.sql). Where rows are counted, LATERAL and an aggregate or a LIMIT
-- leave the planner no other way. Where no index leads on the owner, the small table is read once.

-- name: remove
{runs}
DELETE FROM {table}
USING runs r
WHERE {owner} BETWEEN r.first AND r.last;

-- name: count
SELECT COALESCE(SUM(c.rows), 0)
FROM unnest({first}::bigint[], {last}::bigint[]) r (first, last),
     LATERAL (SELECT COUNT(*) AS rows FROM {table} WHERE {owner} BETWEEN r.first AND r.last) c;

-- name: count_by_scan
-- only: postgresql
SELECT COUNT(*)
FROM {table}
WHERE {owner} IN ({these});

-- name: rows
SELECT {number}, COUNT(*)
FROM (SELECT 1
      FROM unnest({first}::bigint[], {last}::bigint[]) r (first, last),
           LATERAL (SELECT 1 FROM {table} WHERE {owner} BETWEEN r.first AND r.last LIMIT {limit}) c
      LIMIT {limit}) s;

-- name: rows_by_scan
-- only: postgresql
SELECT {number}, COUNT(*)
FROM (SELECT 1 FROM {table} WHERE {owner} IN ({these}) LIMIT {limit}) s;

-- name: remove_by_scan
-- only: mysql, postgresql
DELETE FROM {table}
WHERE {owner} IN ({these});

-- name: remove_ownerless_by_scan
-- only: mysql, postgresql
DELETE FROM {table}
WHERE {owner} IN ({these})
  AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.{parent_key} = {table}.{owner});

-- A ctid holds while this statement runs, and nothing updates these rows; most of the tables have no primary key.

-- name: drain
-- params: owner, limit
DELETE FROM {table}
WHERE ctid IN (SELECT s.ctid FROM {table} s WHERE s.{owner} = ? LIMIT ?);

-- ctid needs a right of its own, which grants.postgresql.sql has; a right to the whole table has it as well.
-- name: may_drain
-- only: postgresql
SELECT has_column_privilege(current_user, '{table}', 'ctid', 'SELECT');
