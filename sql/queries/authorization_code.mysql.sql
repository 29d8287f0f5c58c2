-- By primary key whatever the statistics say, see access_token.mysql.sql.

-- name: remove
-- params: cut-off
DELETE authorization_code
FROM authorization_code FORCE INDEX (PRIMARY)
WHERE id IN ({ids}) AND expiration <= ?;
