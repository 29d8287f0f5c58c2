-- By primary key whatever the statistics say, see access_token.mysql.sql.

-- name: remove
-- params: cut-off
DELETE device_code
FROM device_code FORCE INDEX (PRIMARY)
WHERE id IN ({ids}) AND expiration <= ?;
