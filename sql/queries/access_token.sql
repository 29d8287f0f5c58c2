-- Access tokens, and what the safe points and the clock check read from them. {by_index} names the index for MySQL,
-- which sorts the whole table instead when nearly all of it has expired; it is empty elsewhere.

-- Expired tokens behind (expiration, id), newest first: a backward range of at_exp_idx, no sort on MySQL, where the
-- index ends in the primary key; an incremental sort of equal moments on PostgreSQL.
-- name: scan
-- params: expiration, expiration, expiration, id, limit
SELECT id, expiration, client_id, auth_holder_id
FROM access_token {by_index}
WHERE expiration <= ? AND (expiration < ? OR (expiration = ? AND id < ?))
ORDER BY expiration DESC, id DESC
LIMIT ?;

-- name: find
-- params: id
SELECT id, expiration, client_id, auth_holder_id
FROM access_token
WHERE id = ?;

-- Tokens that must stay whatever their expiration (iam-database.md 6, never 1).
-- name: registration
SELECT DISTINCT owner_id
FROM token_scope
WHERE owner_id IN ({ids}) AND scope IN ('registration-token', 'resource-token');

-- name: remove
-- params: cut-off
DELETE FROM access_token
WHERE id IN ({ids}) AND expiration <= ?;

-- name: any_expired
-- params: moment
SELECT 1
FROM access_token {by_index}
WHERE expiration <= ?
ORDER BY expiration DESC
LIMIT 1;

-- Tokens by holder, from the newest holder down, and whether each is a witness: expired at that moment, with a
-- holder that exists. A zero date of MySQL tells no moment.
-- name: holders_down
-- params: moment, holder, holder, holder, id, limit
SELECT t.auth_holder_id, t.id,
       CASE WHEN t.expiration <= ? AND t.expiration > '1971-01-01 00:00:00' AND h.id IS NOT NULL
            THEN 1 ELSE 0 END
FROM access_token t {by_index}
LEFT JOIN authentication_holder h ON h.id = t.auth_holder_id
WHERE t.auth_holder_id <= ? AND (t.auth_holder_id < ? OR (t.auth_holder_id = ? AND t.id < ?))
ORDER BY t.auth_holder_id DESC, t.id DESC
LIMIT ?;

-- The newest tokens whose moment of issue can be told: expiration minus the validity of the client.
-- name: newest
-- params: limit
SELECT t.expiration, c.access_token_validity_seconds
FROM (SELECT id, expiration, client_id FROM access_token ORDER BY id DESC LIMIT ?) t
JOIN client_details c ON c.id = t.client_id
WHERE t.expiration IS NOT NULL AND c.access_token_validity_seconds > 0
ORDER BY t.id DESC;
