-- Locks go in the order of the primary key, as every other run and statement takes them.

-- For servers that cannot leave out rows that somebody holds.
-- name: lock
SELECT id, {parent}
FROM {table} FORCE INDEX (PRIMARY)
WHERE id IN ({ids})
ORDER BY id
FOR UPDATE;

-- MariaDB 10.11 ends the transaction with error 1180 at the first locked row when the session is not to wait at all;
-- with any other value it leaves the row out, and does not wait either. MySQL takes that clause for a comment.
-- name: lock_skipping
-- only: mysql
/*M! SET STATEMENT innodb_lock_wait_timeout = 1 FOR */
SELECT id, {parent}
FROM {table} FORCE INDEX (PRIMARY)
WHERE id IN ({ids})
ORDER BY id
FOR UPDATE SKIP LOCKED;
