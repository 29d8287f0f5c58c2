-- name: clock
SELECT to_char(statement_timestamp()::timestamp, 'YYYY-MM-DD HH24:MI:SS.US'),
       floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint;

-- Advisory locks belong to a database; the second key tells schemas apart. The first is "itgc" in ASCII.
-- name: take_run_lock
-- only: mysql, postgresql
SELECT pg_try_advisory_lock(1769236323, hashtext(current_schema()));

-- name: run_lock_holder
-- only: mysql, postgresql
SELECT l.pid, a.usename, a.client_addr, a.application_name, date_trunc('second', a.backend_start)
FROM pg_locks l
LEFT JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
  AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
  AND l.classid::bigint = 1769236323
  AND l.objid::bigint = (hashtext(current_schema())::bigint & 4294967295);
