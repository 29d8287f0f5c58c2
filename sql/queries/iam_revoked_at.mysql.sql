-- By primary key whatever the statistics say, see access_token.mysql.sql.

-- name: remove
-- params: keys, cut-off
DELETE iam_revoked_at
FROM iam_revoked_at FORCE INDEX (PRIMARY)
WHERE hash_value IN ({keys}) AND expiration <= ?;
