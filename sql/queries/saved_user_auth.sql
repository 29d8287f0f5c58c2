-- User authentications that no holder refers to (iam-database.md 6, rule 5).

-- name: slice
-- params: from, to, size
SELECT MAX(s.id), COUNT(*)
FROM (SELECT id FROM saved_user_auth WHERE id > ? AND id <= ? ORDER BY id LIMIT ?) s;

-- As authentication_holder.scan.
-- name: scan
-- params: from, to, from, to, limit
SELECT s.id, NULL, NULL, NULL
FROM saved_user_auth s
LEFT JOIN authentication_holder h
       ON h.user_auth_id = s.id AND h.user_auth_id > ? AND h.user_auth_id <= ?
WHERE s.id > ? AND s.id <= ? AND h.id IS NULL
ORDER BY s.id
LIMIT ?;

-- name: find
-- params: id
SELECT id, NULL, NULL, NULL
FROM saved_user_auth
WHERE id = ?;

-- name: referenced
SELECT DISTINCT user_auth_id
FROM authentication_holder
WHERE user_auth_id IN ({these});

-- name: references
SELECT 'authentication_holder', id, user_auth_id
FROM authentication_holder
WHERE user_auth_id IN ({these});

-- name: remove
DELETE FROM saved_user_auth
WHERE id IN ({ids})
  AND NOT EXISTS (SELECT 1
                  FROM (SELECT DISTINCT h.user_auth_id AS id
                        FROM authentication_holder h
                        WHERE h.user_auth_id IN ({these})) u
                  WHERE u.id = saved_user_auth.id);
