-- By primary key whatever the statistics say, see access_token.mysql.sql.

-- name: remove
DELETE saved_user_auth
FROM saved_user_auth FORCE INDEX (PRIMARY)
WHERE id IN ({ids})
  AND NOT EXISTS (SELECT 1 FROM authentication_holder h WHERE h.user_auth_id = saved_user_auth.id);
