-- With safe updates the server goes by an index or refuses: a scan, which it prefers for a small table or a long list,
-- would run into rows of live owners that other sessions hold. MariaDB takes the setting in front, MySQL as a hint; each
-- takes the other for a comment. FORCE INDEX does not do: to MariaDB the whole of a covering index is an index, too.

-- Without the limit, for which the server would write the rows to a temporary table first.
-- name: rows
SELECT {number}, COUNT(*)
FROM {table}
WHERE {owner} IN ({ids});

-- name: remove
/*M! SET STATEMENT sql_safe_updates = 1 FOR */
DELETE /*+ SET_VAR(sql_safe_updates = 1) */
FROM {table}
WHERE {owner} IN ({ids});

-- For the small tables that have no index on the owner.
-- name: remove_by_scan
-- only: mysql, postgresql
/*M! SET STATEMENT sql_safe_updates = 0 FOR */
DELETE /*+ SET_VAR(sql_safe_updates = 0) */
FROM {table}
WHERE {owner} IN ({ids});

-- name: drain
-- params: owner, limit
DELETE FROM {table}
WHERE {owner} = ?
LIMIT ?;

-- name: remove_ownerless
/*M! SET STATEMENT sql_safe_updates = 1 FOR */
DELETE /*+ SET_VAR(sql_safe_updates = 1) */
FROM {table}
WHERE {owner} IN ({ids})
  AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.{parent_key} = {table}.{owner});

-- name: remove_ownerless_by_scan
-- only: mysql, postgresql
/*M! SET STATEMENT sql_safe_updates = 0 FOR */
DELETE /*+ SET_VAR(sql_safe_updates = 0) */
FROM {table}
WHERE {owner} IN ({ids})
  AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.{parent_key} = {table}.{owner});
