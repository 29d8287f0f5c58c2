-- Whether another session waits for a lock of ours; asked from a session of its own while a batch is open.

-- name: session
-- only: mysql, postgresql
SELECT pg_backend_pid();

-- Sees nobody without the right in health.sees_all. pg_blocking_pids stops the lock manager for a moment, so it is
-- asked only about sessions that wait for a lock.
-- name: waits_for_postgresql
-- only: postgresql
-- params: our session
SELECT 1
FROM pg_stat_activity
WHERE CASE WHEN wait_event_type = 'Lock' THEN ? = ANY (pg_blocking_pids(pid)) ELSE false END
LIMIT 1;
