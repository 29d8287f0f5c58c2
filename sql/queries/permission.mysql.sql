-- By primary key whatever the statistics say, see access_token.mysql.sql.

-- name: remove
DELETE permission
FROM permission FORCE INDEX (PRIMARY)
WHERE id IN ({ids})
  AND NOT EXISTS (SELECT 1
                  FROM (SELECT permission_id AS id FROM access_token_permissions WHERE permission_id IN ({ids})
                        UNION
                        SELECT permission_id FROM permission_ticket WHERE permission_id IN ({ids})) u
                  WHERE u.id = permission.id);
