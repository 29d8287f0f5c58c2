-- By primary key whatever the statistics say, see access_token.mysql.sql.

-- name: remove
-- params: earliest expiration, latest, 1 if a row may have none, 1 if of any client, 1 if with a user
DELETE {table}
FROM {table} FORCE INDEX (PRIMARY)
WHERE id IN ({ids})
  AND (expiration >= ? AND expiration <= ? OR expiration IS NULL AND ? = 1)
  AND (client_id IN ({clients}) OR ? = 1)
  AND (? = 1 OR NOT EXISTS (SELECT 1
                            FROM authentication_holder h
                            WHERE h.id = {table}.auth_holder_id AND h.user_auth_id IS NOT NULL))
  {without_refresh_token} {unreferenced};

-- name: remove_of_deleted_client
-- params: earliest expiration, latest, 1 if a row may have none
DELETE {table}
FROM {table} FORCE INDEX (PRIMARY)
WHERE id IN ({ids})
  AND (expiration >= ? AND expiration <= ? OR expiration IS NULL AND ? = 1)
  AND NOT EXISTS (SELECT 1 FROM client_details c WHERE c.id = {table}.client_id)
  {unreferenced};

-- name: remove_of_deleted_user
-- params: earliest expiration, latest, 1 if a row may have none
DELETE {table}
FROM {table} FORCE INDEX (PRIMARY)
WHERE id IN ({ids})
  AND (expiration >= ? AND expiration <= ? OR expiration IS NULL AND ? = 1)
  AND NOT EXISTS (SELECT 1
                  FROM authentication_holder h
                  JOIN saved_user_auth u ON u.id = h.user_auth_id
                  JOIN iam_account a ON a.username = u.name
                  WHERE h.id = {table}.auth_holder_id)
  {unreferenced};

-- name: remove_revoked
-- params: earliest expiration, latest, 1 if a row may have none
DELETE {table}
FROM {table} FORCE INDEX (PRIMARY)
WHERE id IN ({ids})
  AND (expiration >= ? AND expiration <= ? OR expiration IS NULL AND ? = 1)
  AND EXISTS (SELECT 1 FROM iam_revoked_at r WHERE r.hash_value = {table}.token_value_hash)
  {unreferenced};
