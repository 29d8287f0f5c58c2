-- Holders that nothing refers to: no access token, refresh token, authorization code or device code
-- (iam-database.md 6, rule 4).

-- Where the next slice of holders ends and how many it has.
-- name: slice
-- params: from, to, size
SELECT MAX(s.id), COUNT(*)
FROM (SELECT id FROM authentication_holder WHERE id > ? AND id <= ? ORDER BY id LIMIT ?) s;

-- Orphans of a slice by the three indexed columns; device_code has no index there and is looked at for the few that
-- are found. An anti join, because MariaDB would read the whole index for NOT IN (iam-database.md 3.6); the slice is
-- said for each table, or PostgreSQL would merge from the start of its index.
-- name: scan
-- params: from, to, from, to, from, to, from, to, limit
SELECT h.id, NULL, NULL, h.user_auth_id
FROM authentication_holder h
LEFT JOIN access_token a
       ON a.auth_holder_id = h.id AND a.auth_holder_id > ? AND a.auth_holder_id <= ?
LEFT JOIN refresh_token r
       ON r.auth_holder_id = h.id AND r.auth_holder_id > ? AND r.auth_holder_id <= ?
LEFT JOIN authorization_code c
       ON c.auth_holder_id = h.id AND c.auth_holder_id > ? AND c.auth_holder_id <= ?
WHERE h.id > ? AND h.id <= ? AND a.id IS NULL AND r.id IS NULL AND c.id IS NULL
ORDER BY h.id
LIMIT ?;

-- name: find
-- params: id
SELECT id, NULL, NULL, user_auth_id
FROM authentication_holder
WHERE id = ?;

-- name: referenced
SELECT auth_holder_id FROM access_token WHERE auth_holder_id IN ({ids})
UNION
SELECT auth_holder_id FROM refresh_token WHERE auth_holder_id IN ({ids})
UNION
SELECT auth_holder_id FROM authorization_code WHERE auth_holder_id IN ({ids})
UNION
SELECT auth_holder_id FROM device_code WHERE auth_holder_id IN ({these});

-- name: references
SELECT 'access_token', id, auth_holder_id FROM access_token WHERE auth_holder_id IN ({ids})
UNION ALL
SELECT 'refresh_token', id, auth_holder_id FROM refresh_token WHERE auth_holder_id IN ({ids})
UNION ALL
SELECT 'authorization_code', id, auth_holder_id FROM authorization_code WHERE auth_holder_id IN ({ids})
UNION ALL
SELECT 'device_code', id, auth_holder_id FROM device_code WHERE auth_holder_id IN ({these});

-- name: remove
DELETE FROM authentication_holder
WHERE id IN ({ids})
  AND NOT EXISTS (SELECT 1
                  FROM (SELECT auth_holder_id AS id FROM access_token WHERE auth_holder_id IN ({ids})
                        UNION
                        SELECT auth_holder_id FROM refresh_token WHERE auth_holder_id IN ({ids})
                        UNION
                        SELECT auth_holder_id FROM authorization_code WHERE auth_holder_id IN ({ids})
                        UNION
                        SELECT auth_holder_id FROM device_code WHERE auth_holder_id IN ({these})) u
                  WHERE u.id = authentication_holder.id);

-- Holders by user authentication, from the newest down, and whether each is a witness: as old as that, with a user
-- authentication that exists.
-- name: user_auths_down
-- params: holder, user authentication (3 times), id, limit
SELECT h.user_auth_id, h.id, CASE WHEN h.id <= ? AND s.id IS NOT NULL THEN 1 ELSE 0 END
FROM authentication_holder h {by_index}
LEFT JOIN saved_user_auth s ON s.id = h.user_auth_id
WHERE h.user_auth_id <= ? AND (h.user_auth_id < ? OR (h.user_auth_id = ? AND h.id < ?))
ORDER BY h.user_auth_id DESC, h.id DESC
LIMIT ?;
