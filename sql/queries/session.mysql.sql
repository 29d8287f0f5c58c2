-- The session's wall clock and the same moment in milliseconds since 1970; UNIX_TIMESTAMP of a wall clock would be
-- wrong in the hour that a change of clocks repeats.
-- name: clock
SELECT NOW(6), UNIX_TIMESTAMP() * 1000 + MICROSECOND(NOW(6)) DIV 1000;

-- Lock names have 64 characters at most.
-- name: run_lock_name
-- only: mysql
SELECT CONCAT('iam-token-gc:', IF(CHAR_LENGTH(DATABASE()) <= 51, DATABASE(), LEFT(SHA2(DATABASE(), 256), 40)));

-- name: take_run_lock
-- only: mysql, postgresql
-- params: name
SELECT GET_LOCK(?, 0);

-- The account may see no session but its own; then all that is known is the number of the connection.
-- name: run_lock_holder
-- only: mysql, postgresql
-- params: name
SELECT l.id, p.USER, p.HOST
FROM (SELECT IS_USED_LOCK(?) AS id) l
LEFT JOIN information_schema.PROCESSLIST p ON p.ID = l.id;
