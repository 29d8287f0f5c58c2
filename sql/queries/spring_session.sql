-- HTTP sessions (since IAM 1.12), keyed by a UUID that no browser knows; SESSION_ID is the secret one. EXPIRY_TIME is
-- in milliseconds since 1970. Names are in capitals because table names of MariaDB on Linux tell case apart.

-- name: scan
-- params: key, limit
SELECT PRIMARY_ID, EXPIRY_TIME
FROM SPRING_SESSION
WHERE PRIMARY_ID > ?
ORDER BY PRIMARY_ID
LIMIT ?;

-- name: remove
-- params: keys, cut-off in milliseconds
DELETE FROM SPRING_SESSION
WHERE PRIMARY_ID IN ({keys}) AND EXPIRY_TIME <= ?;

-- name: remove_attributes
-- params: keys, cut-off in milliseconds
DELETE FROM SPRING_SESSION_ATTRIBUTES
WHERE SESSION_PRIMARY_ID IN ({keys})
  AND EXISTS (SELECT 1
              FROM SPRING_SESSION s
              WHERE s.PRIMARY_ID = SPRING_SESSION_ATTRIBUTES.SESSION_PRIMARY_ID AND s.EXPIRY_TIME <= ?);

-- name: count_attributes
-- params: keys
SELECT COUNT(*)
FROM SPRING_SESSION_ATTRIBUTES
WHERE SESSION_PRIMARY_ID IN ({keys});

-- name: existing
-- params: keys
SELECT PRIMARY_ID
FROM SPRING_SESSION
WHERE PRIMARY_ID IN ({keys});
