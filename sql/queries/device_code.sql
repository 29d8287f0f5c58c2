-- Device codes, walked by primary key like refresh tokens. Their client is a name and no id.

-- name: scan
-- params: id, limit
SELECT id, expiration, NULL, auth_holder_id
FROM device_code
WHERE id > ?
ORDER BY id
LIMIT ?;

-- name: find
-- params: id
SELECT id, expiration, NULL, auth_holder_id
FROM device_code
WHERE id = ?;

-- name: remove
-- params: cut-off
DELETE FROM device_code
WHERE id IN ({ids}) AND expiration <= ?;

-- The newest holder that exists among expired codes; one pass, for no index leads on the holder.
-- name: newest_holder
-- params: moment
SELECT MAX(h.id)
FROM device_code d
JOIN authentication_holder h ON h.id = d.auth_holder_id
WHERE d.expiration <= ? AND d.expiration > '1971-01-01 00:00:00';
