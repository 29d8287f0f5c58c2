-- UMA permission tickets, walked by primary key like refresh tokens.

-- name: scan
-- params: id, limit
SELECT id, expiration, NULL, NULL
FROM permission_ticket
WHERE id > ?
ORDER BY id
LIMIT ?;

-- name: find
-- params: id
SELECT id, expiration, NULL, NULL
FROM permission_ticket
WHERE id = ?;

-- name: remove
-- params: cut-off
DELETE FROM permission_ticket
WHERE id IN ({ids}) AND expiration <= ?;
