-- Tells whether the account may remove, and removes nothing, on a server that asks for safe updates, too (see
-- satellite.mysql.sql).
-- name: probe_removal
/*M! SET STATEMENT sql_safe_updates = 0 FOR */
DELETE /*+ SET_VAR(sql_safe_updates = 0) */
FROM {table}
WHERE 1 = 0;
