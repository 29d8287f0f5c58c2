-- As in satellite.mysql.sql: no statistics can turn these into a scan.

-- name: remove
/*M! SET STATEMENT sql_safe_updates = 1 FOR */
DELETE /*+ SET_VAR(sql_safe_updates = 1) */
FROM saved_user_auth
WHERE id IN ({ids})
  AND NOT EXISTS (SELECT 1 FROM authentication_holder h WHERE h.user_auth_id = saved_user_auth.id);
