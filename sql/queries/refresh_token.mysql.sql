-- By primary key whatever the statistics say, see access_token.mysql.sql.

-- name: remove
-- params: cut-off
DELETE refresh_token
FROM refresh_token FORCE INDEX (PRIMARY)
WHERE id IN ({ids}) AND expiration <= ?
  AND NOT EXISTS (SELECT 1 FROM access_token a WHERE a.refresh_token_id = refresh_token.id);
