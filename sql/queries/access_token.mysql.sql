-- By primary key whatever the statistics say: a range of at_exp_idx locks in another order than the server does.

-- name: remove
-- params: cut-off
DELETE access_token
FROM access_token FORCE INDEX (PRIMARY)
WHERE id IN ({ids}) AND expiration <= ?;
