-- Tokens and codes that have not expired, for the policies that are off by default. {table} comes from the program's own
-- list; {account}, {join_account}, {revoked} and {join_revoked} are a column and its join where a policy asks for them,
-- else the word NULL and nothing. {client} is the number of the client: tokens have it, a device code has the client's
-- name, and an authorization code has it in its holder.

-- Every client.
-- name: clients
SELECT id, client_id, client_name, access_token_validity_seconds
FROM client_details;

-- name: grant_types
SELECT owner_id, grant_type
FROM client_grant_type;

-- The next tokens below an id, newest first: a backward range of the primary key.
-- name: tokens
-- params: id, limit
SELECT t.id, t.expiration, {client}, t.auth_holder_id, t.refresh_token_id, h.user_auth_id, u.name, c.id, {account},
       {revoked}
FROM (SELECT id, expiration, {client_key} AS client_id, auth_holder_id, {refresh_token} AS refresh_token_id, {hash} AS hash
      FROM {table}
      WHERE id < ?
      ORDER BY id DESC
      LIMIT ?) t
LEFT JOIN authentication_holder h ON h.id = t.auth_holder_id
LEFT JOIN saved_user_auth u ON u.id = h.user_auth_id
LEFT JOIN client_details c ON {join_client}
{join_account}
{join_revoked}
ORDER BY t.id DESC;

-- name: scopes
SELECT owner_id, scope
FROM {table}
WHERE owner_id IN ({ids});

-- Where the request named an audience; nothing else that came with it.
-- name: audiences
SELECT owner_id, val
FROM authentication_holder_request_parameter
WHERE owner_id IN ({ids}) AND param IN ('aud', 'audience');

-- The oldest live access token of each of these refresh tokens.
-- name: live_tokens
-- params: now, limit
SELECT a.id, a.refresh_token_id, a.expiration
FROM access_token a
JOIN (SELECT MIN(id) AS id
      FROM access_token
      WHERE refresh_token_id IN ({ids}) AND expiration > ?
      GROUP BY refresh_token_id
      LIMIT ?) m ON m.id = a.id;

-- What a policy chose, each row only as long as it is what it was: its expiration within those of the batch, its client
-- among theirs, and no user or refresh token where the policy wants none. {unreferenced} is empty for access tokens.
-- {of} and {by_key} make MySQL go by primary key whatever the statistics say (access_token.mysql.sql), and are empty
-- elsewhere.
-- name: remove
-- params: earliest expiration, latest, 1 if a row may have none, 1 if of any client, 1 if with a user
DELETE {of}
FROM {table} {by_key}
WHERE id IN ({ids})
  AND (expiration >= ? AND expiration <= ? OR expiration IS NULL AND ? = 1)
  AND (client_id IN ({clients}) OR ? = 1)
  AND (? = 1 OR NOT EXISTS (SELECT 1
                            FROM authentication_holder h
                            WHERE h.id = {table}.auth_holder_id AND h.user_auth_id IS NOT NULL))
  {without_refresh_token} {unreferenced};

-- name: remove_code
-- params: earliest expiration, latest, 1 if a row may have none
DELETE {of}
FROM {table} {by_key}
WHERE id IN ({ids})
  AND (expiration >= ? AND expiration <= ? OR expiration IS NULL AND ? = 1)
  AND EXISTS (SELECT 1
              FROM authentication_holder h
              JOIN client_details c ON c.client_id = h.client_id
              WHERE h.id = {table}.auth_holder_id AND c.id IN ({clients}));

-- name: remove_device_code
-- params: earliest expiration, latest, 1 if a row may have none
DELETE {of}
FROM {table} {by_key}
WHERE id IN ({ids})
  AND (expiration >= ? AND expiration <= ? OR expiration IS NULL AND ? = 1)
  AND EXISTS (SELECT 1 FROM client_details c WHERE c.client_id = {table}.client_id AND c.id IN ({clients}));

-- name: remove_of_deleted_client
-- params: earliest expiration, latest, 1 if a row may have none
DELETE {of}
FROM {table} {by_key}
WHERE id IN ({ids})
  AND (expiration >= ? AND expiration <= ? OR expiration IS NULL AND ? = 1)
  AND NOT EXISTS (SELECT 1 FROM client_details c WHERE c.id = {table}.client_id)
  {unreferenced};

-- name: remove_of_deleted_user
-- params: earliest expiration, latest, 1 if a row may have none
DELETE {of}
FROM {table} {by_key}
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
DELETE {of}
FROM {table} {by_key}
WHERE id IN ({ids})
  AND (expiration >= ? AND expiration <= ? OR expiration IS NULL AND ? = 1)
  AND EXISTS (SELECT 1 FROM iam_revoked_at r WHERE r.hash_value = {table}.token_value_hash)
  {unreferenced};
