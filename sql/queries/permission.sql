-- UMA permissions that neither an access token nor a ticket uses (iam-database.md 6, rule 1). No level of the schema
-- indexes the columns that refer to them everywhere, so each statement reads the two tables once at most.

-- name: scan
-- params: id, limit
SELECT id, NULL, NULL, NULL
FROM permission
WHERE id > ?
ORDER BY id
LIMIT ?;

-- name: find
-- params: id
SELECT id, NULL, NULL, NULL
FROM permission
WHERE id = ?;

-- name: referenced
SELECT permission_id FROM access_token_permissions WHERE permission_id IN ({these})
UNION
SELECT permission_id FROM permission_ticket WHERE permission_id IN ({these});

-- name: references
SELECT 'access_token', access_token_id, permission_id
FROM access_token_permissions
WHERE permission_id IN ({these})
UNION ALL
SELECT 'permission_ticket', id, permission_id
FROM permission_ticket
WHERE permission_id IN ({these});

-- name: remove
DELETE FROM permission
WHERE id IN ({ids})
  AND NOT EXISTS (SELECT 1
                  FROM (SELECT permission_id AS id FROM access_token_permissions WHERE permission_id IN ({these})
                        UNION
                        SELECT permission_id FROM permission_ticket WHERE permission_id IN ({these})) u
                  WHERE u.id = permission.id);
