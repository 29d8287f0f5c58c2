-- How the server is doing; read between two batches, on a session of its own.

-- Without this right the state of other accounts' sessions and of replicas is hidden.
-- name: sees_all
-- only: postgresql
SELECT pg_has_role('pg_read_all_stats', 'USAGE');

-- name: sessions
-- only: postgresql
SELECT count(*)
FROM pg_stat_activity
WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid();

-- Replicas by name and position; replay_lag is NULL when nothing is on its way. A row without a state is one that
-- this account may not look at, one in state backup is a base backup, not a replica.
-- name: replicas
-- only: postgresql
SELECT application_name || coalesce('@' || host(client_addr), ''), state, replay_lsn,
       extract(epoch FROM replay_lag), pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)
FROM pg_stat_replication
WHERE state IS DISTINCT FROM 'backup';

-- The oldest snapshot that vacuum has to respect, in transactions: of a session, a replication slot or a prepared
-- transaction (chunked-deletion.md 3.2).
-- name: xmin_age
-- only: postgresql
SELECT greatest(
           (SELECT max(age(backend_xmin)) FROM pg_stat_activity),
           (SELECT max(greatest(age(xmin), age(catalog_xmin))) FROM pg_replication_slots),
           (SELECT max(age(transaction)) FROM pg_prepared_xacts),
           0);

-- name: dead_rows
-- only: postgresql
SELECT coalesce(sum(n_dead_tup), 0)
FROM pg_stat_user_tables
WHERE schemaname = current_schema()
  AND relname IN ('access_token', 'token_scope', 'refresh_token', 'authentication_holder', 'saved_user_auth',
                  'authentication_holder_scope', 'authentication_holder_authority', 'authentication_holder_extension',
                  'authentication_holder_request_parameter', 'authentication_holder_resource_id',
                  'authentication_holder_response_type', 'saved_user_auth_authority');
