-- What the per-client report reads. Slices by primary key, so that no statement is long.

-- name: token_slice
-- The end of the next slice of access tokens and how many rows it has. Parameters: after id, rows.
SELECT MAX(s.id), COUNT(*)
FROM (SELECT id FROM access_token WHERE id > ? ORDER BY id LIMIT ?) s;

-- name: count_tokens
-- Tokens per client in a slice. Parameters: now, now, after id, last id.
SELECT client_id,
       SUM(CASE WHEN expiration > ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration <= ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration IS NULL THEN 1 ELSE 0 END)
FROM access_token
WHERE id > ? AND id <= ?
GROUP BY client_id;

-- name: list
-- Registered clients. Parameters: after id, rows.
SELECT id, client_id, client_name
FROM client_details
WHERE id > ?
ORDER BY id
LIMIT ?;
