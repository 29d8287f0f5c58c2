-- As in satellite.mysql.sql: no statistics can turn these into a scan.

-- Three look-ups by index that stop at the first row; device_code, which has no index, is read once into the derived
-- table and not once for each holder.
-- name: remove
/*M! SET STATEMENT sql_safe_updates = 1 FOR */
DELETE /*+ SET_VAR(sql_safe_updates = 1) */
FROM authentication_holder
WHERE id IN ({ids})
  AND NOT EXISTS (SELECT 1 FROM access_token a WHERE a.auth_holder_id = authentication_holder.id)
  AND NOT EXISTS (SELECT 1 FROM refresh_token r WHERE r.auth_holder_id = authentication_holder.id)
  AND NOT EXISTS (SELECT 1 FROM authorization_code c WHERE c.auth_holder_id = authentication_holder.id)
  AND NOT EXISTS (SELECT 1
                  FROM (SELECT DISTINCT d.auth_holder_id AS id
                        FROM device_code d
                        WHERE d.auth_holder_id IN ({these})) u
                  WHERE u.id = authentication_holder.id);
