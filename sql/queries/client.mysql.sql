-- A date without a day (a zero date) has no second; it is no NULL for all that.
-- name: access_tokens
-- params: now, now, cut-off, now, after id, last id
SELECT client_id, TO_SECONDS(expiration) DIV 60 - 1036120320,
       SUM(CASE WHEN expiration > ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration <= ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration IS NULL THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration <= ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration > ? AND refresh_token_id IS NOT NULL THEN 1 ELSE 0 END)
FROM access_token FORCE INDEX (PRIMARY)
WHERE id > ? AND id <= ?
GROUP BY 1, 2;

-- In this order whatever the statistics say: users are few, and the way back from them to the tokens has no end.
-- name: users
-- params: now, after id, last id
SELECT STRAIGHT_JOIN t.client_id, u.name, COUNT(*), SUM(CASE WHEN t.expiration <= ? THEN 0 ELSE 1 END)
FROM {table} t FORCE INDEX (PRIMARY)
JOIN authentication_holder h ON h.id = t.auth_holder_id
JOIN saved_user_auth u ON u.id = h.user_auth_id
WHERE t.id > ? AND t.id <= ?
GROUP BY t.client_id, u.name;

-- name: bytes
-- params: the names of the tables
SELECT COALESCE(SUM(t.DATA_LENGTH + t.INDEX_LENGTH), 0)
FROM information_schema.TABLES t
WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME IN ({names});
