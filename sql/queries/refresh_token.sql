-- Refresh tokens. Nothing indexes their expiration, so they are walked by primary key, live ones included.

-- name: scan
-- params: id, limit
SELECT id, expiration, client_id, auth_holder_id
FROM refresh_token
WHERE id > ?
ORDER BY id
LIMIT ?;

-- name: find
-- params: id
SELECT id, expiration, client_id, auth_holder_id
FROM refresh_token
WHERE id = ?;

-- name: referenced
SELECT DISTINCT refresh_token_id
FROM access_token
WHERE refresh_token_id IN ({these});

-- name: references
SELECT 'access_token', id, refresh_token_id
FROM access_token
WHERE refresh_token_id IN ({these});

-- A token that still has an access token stays: from V96 to V108 a cascade would take that along
-- (iam-database.md 6, rule 2).
-- name: remove
-- params: cut-off
DELETE FROM refresh_token
WHERE id IN ({ids}) AND expiration <= ?
  AND NOT EXISTS (SELECT 1
                  FROM (SELECT DISTINCT a.refresh_token_id AS id
                        FROM access_token a
                        WHERE a.refresh_token_id IN ({these})) u
                  WHERE u.id = refresh_token.id);
