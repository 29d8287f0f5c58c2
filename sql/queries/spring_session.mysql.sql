-- By primary key whatever the statistics say, see access_token.mysql.sql.

-- name: remove
-- params: keys, cut-off in milliseconds
DELETE SPRING_SESSION
FROM SPRING_SESSION FORCE INDEX (PRIMARY)
WHERE PRIMARY_ID IN ({keys}) AND EXPIRY_TIME <= ?;

-- name: remove_attributes
-- params: keys, cut-off in milliseconds
DELETE SPRING_SESSION_ATTRIBUTES
FROM SPRING_SESSION_ATTRIBUTES FORCE INDEX (PRIMARY)
WHERE SESSION_PRIMARY_ID IN ({keys})
  AND EXISTS (SELECT 1
              FROM SPRING_SESSION s
              WHERE s.PRIMARY_ID = SPRING_SESSION_ATTRIBUTES.SESSION_PRIMARY_ID AND s.EXPIRY_TIME <= ?);
