-- Whether another session waits for a lock of ours; asked from a session of its own while a batch is open.

-- name: session
-- only: mysql, postgresql
SELECT CONNECTION_ID();

-- Row locks that any session waits for: cheap, asks for no right, and is 0 nearly always.
-- name: any_wait
-- only: mysql
SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits';

-- Asks for the right PROCESS.
-- name: waits_for_mariadb
-- only: mysql
-- params: our session
SELECT 1
FROM information_schema.INNODB_LOCK_WAITS w
JOIN information_schema.INNODB_TRX b ON b.trx_id = w.blocking_trx_id
WHERE b.trx_mysql_thread_id = ?
LIMIT 1;

-- Asks for the right to read performance_schema.
-- name: waits_for_mysql
-- only: mysql
-- params: our session
SELECT 1
FROM performance_schema.data_lock_waits w
JOIN performance_schema.threads b ON b.THREAD_ID = w.BLOCKING_THREAD_ID
WHERE b.PROCESSLIST_ID = ?
LIMIT 1;
