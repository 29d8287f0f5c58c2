-- The revocation list (since IAM 1.14), keyed by the SHA-256 of a token. No index on expiration, so all rows are
-- walked.

-- name: scan
-- params: key, limit
SELECT hash_value, expiration
FROM iam_revoked_at
WHERE hash_value > ?
ORDER BY hash_value
LIMIT ?;

-- name: remove
-- params: keys, cut-off
DELETE FROM iam_revoked_at
WHERE hash_value IN ({keys}) AND expiration <= ?;

-- name: existing
-- params: keys
SELECT hash_value
FROM iam_revoked_at
WHERE hash_value IN ({keys});
