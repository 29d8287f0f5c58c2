-- What the per-client report reads. Slices by primary key, so that no statement is long. {table} comes from the
-- program's own list; a column in braces is the word NULL where the schema does not have it.

-- Registered clients.
-- name: list
-- params: after id, rows
SELECT id, client_id, client_name, access_token_validity_seconds, {refresh_token_validity_seconds},
       {dynamically_registered}, {active}, {created_at}
FROM client_details
WHERE id > ?
ORDER BY id
LIMIT ?;

-- name: grant_type
-- params: after id, last id
SELECT owner_id, grant_type
FROM client_grant_type
WHERE owner_id > ? AND owner_id <= ?;

-- name: contact
-- params: after id, last id
SELECT owner_id, contact
FROM client_contact
WHERE owner_id > ? AND owner_id <= ?;

-- name: owner
-- params: after id, last id
SELECT c.client_id, a.username
FROM iam_account_client c
JOIN iam_account a ON a.id = c.account_id
WHERE c.client_id > ? AND c.client_id <= ?;

-- name: last_used
-- params: after id, last id
SELECT client_details_id, last_used
FROM client_last_used
WHERE client_details_id > ? AND client_details_id <= ?;

-- The end of the next slice and how many rows it has.
-- name: slice
-- params: after id, rows
SELECT MAX(s.id), COUNT(*)
FROM (SELECT id FROM {table} WHERE id > ? ORDER BY id LIMIT ?) s;

-- Access tokens of a slice by client and by the minute in which they expire, counted from 1970 on the session's clock.
-- name: access_tokens
-- params: now, now, cut-off, now, after id, last id
SELECT client_id, CAST(strftime('%s', expiration) AS INTEGER) / 60,
       SUM(CASE WHEN expiration > ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration <= ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration IS NULL THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration <= ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration > ? AND refresh_token_id IS NOT NULL THEN 1 ELSE 0 END)
FROM access_token
WHERE id > ? AND id <= ?
GROUP BY 1, 2;

-- name: refresh_tokens
-- params: now, now, after id, last id
SELECT client_id,
       SUM(CASE WHEN expiration > ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration <= ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration IS NULL THEN 1 ELSE 0 END)
FROM refresh_token
WHERE id > ? AND id <= ?
GROUP BY client_id;

-- Tokens of a slice by client and user.
-- name: users
-- params: now, after id, last id
SELECT t.client_id, u.name, COUNT(*), SUM(CASE WHEN t.expiration <= ? THEN 0 ELSE 1 END)
FROM {table} t
JOIN authentication_holder h ON h.id = t.auth_holder_id
JOIN saved_user_auth u ON u.id = h.user_auth_id
WHERE t.id > ? AND t.id <= ?
GROUP BY t.client_id, u.name;

-- Registration tokens of a slice that never expire.
-- name: registrations
-- params: after id, last id
SELECT t.client_id, COUNT(DISTINCT t.id)
FROM access_token t
JOIN token_scope s ON s.owner_id = t.id
WHERE t.id > ? AND t.id <= ? AND t.expiration IS NULL AND s.scope IN ('registration-token', 'resource-token')
GROUP BY t.client_id;

-- SQLite tells no size of a table.
-- name: bytes
SELECT c.page_count * s.page_size
FROM pragma_page_count c, pragma_page_size s;
