-- Authorization codes, walked by primary key like refresh tokens.

-- name: scan
-- params: id, limit
SELECT id, expiration, NULL, auth_holder_id
FROM authorization_code
WHERE id > ?
ORDER BY id
LIMIT ?;

-- name: find
-- params: id
SELECT id, expiration, NULL, auth_holder_id
FROM authorization_code
WHERE id = ?;

-- name: remove
-- params: cut-off
DELETE FROM authorization_code
WHERE id IN ({ids}) AND expiration <= ?;

-- As access_token.holders_down.
-- name: holders_down
-- params: moment, holder, holder, holder, id, limit
SELECT t.auth_holder_id, t.id,
       CASE WHEN t.expiration <= ? AND t.expiration > '1971-01-01 00:00:00' AND h.id IS NOT NULL
            THEN 1 ELSE 0 END
FROM authorization_code t {by_index}
LEFT JOIN authentication_holder h ON h.id = t.auth_holder_id
WHERE t.auth_holder_id <= ? AND (t.auth_holder_id < ? OR (t.auth_holder_id = ? AND t.id < ?))
ORDER BY t.auth_holder_id DESC, t.id DESC
LIMIT ?;
