-- As in satellite.mysql.sql: no statistics can turn these into a scan.

-- name: remove
/*M! SET STATEMENT sql_safe_updates = 1 FOR */
DELETE /*+ SET_VAR(sql_safe_updates = 1) */
FROM permission
WHERE id IN ({ids})
  AND NOT EXISTS (SELECT 1
                  FROM (SELECT permission_id AS id FROM access_token_permissions WHERE permission_id IN ({these})
                        UNION
                        SELECT permission_id FROM permission_ticket WHERE permission_id IN ({these})) u
                  WHERE u.id = permission.id);
