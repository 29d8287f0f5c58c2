-- By primary key whatever the statistics say, see access_token.mysql.sql.

-- name: remove
-- params: cut-off
DELETE permission_ticket
FROM permission_ticket FORCE INDEX (PRIMARY)
WHERE id IN ({ids}) AND expiration <= ?;
