-- Rights of two accounts of iam-token-gc on PostgreSQL. iam_token_gc runs everything: it may remove rows, and read
-- the few columns that decide what may go. iam_token_gc_reader, in the last part, may only read, for `plan` and `report`.
-- ctid, the place of a row, lets a run remove a great many satellites of one owner in parts.
-- Neither has a right on token_value, code, ticket, device_code, user_code or any client secret.
--
-- Make the accounts first, or the one that you want, with passwords of your own; then run this file in the database of
-- the identity server:
--   CREATE ROLE iam_token_gc LOGIN PASSWORD '...';
--   CREATE ROLE iam_token_gc_reader LOGIN PASSWORD '...';
--   psql iam < grants.postgresql.sql
-- psql goes on after tables that your schema level does not have, and after an account that is not there.
-- `iam-token-gc check` holds an account to this file, and prints each GRANT that is missing.

-- for: run
GRANT SELECT (id, expiration, client_id, auth_holder_id, refresh_token_id), DELETE ON access_token TO iam_token_gc;
GRANT SELECT (owner_id, scope, ctid), DELETE ON token_scope TO iam_token_gc;
GRANT SELECT (access_token_id, permission_id, ctid), DELETE ON access_token_permissions TO iam_token_gc;
GRANT SELECT (id, expiration, client_id, auth_holder_id), DELETE ON refresh_token TO iam_token_gc;
GRANT SELECT (id, expiration, auth_holder_id), DELETE ON authorization_code TO iam_token_gc;
GRANT SELECT (id, expiration, auth_holder_id), DELETE ON device_code TO iam_token_gc;
GRANT SELECT (owner_id, ctid), DELETE ON device_code_scope TO iam_token_gc;
GRANT SELECT (owner_id, ctid), DELETE ON device_code_request_parameter TO iam_token_gc;

GRANT SELECT (id, user_auth_id), DELETE ON authentication_holder TO iam_token_gc;
GRANT SELECT (owner_id, ctid), DELETE ON authentication_holder_scope TO iam_token_gc;
GRANT SELECT (owner_id, ctid), DELETE ON authentication_holder_authority TO iam_token_gc;
GRANT SELECT (owner_id, ctid), DELETE ON authentication_holder_extension TO iam_token_gc;
GRANT SELECT (owner_id, ctid), DELETE ON authentication_holder_request_parameter TO iam_token_gc;
GRANT SELECT (owner_id, ctid), DELETE ON authentication_holder_resource_id TO iam_token_gc;
GRANT SELECT (owner_id, ctid), DELETE ON authentication_holder_response_type TO iam_token_gc;
GRANT SELECT (id), DELETE ON saved_user_auth TO iam_token_gc;
GRANT SELECT (owner_id, ctid), DELETE ON saved_user_auth_authority TO iam_token_gc;

GRANT SELECT (id, client_id, access_token_validity_seconds) ON client_details TO iam_token_gc;

-- SELECT ... FOR UPDATE asks for the right to update one column; nothing is ever updated.
GRANT UPDATE (id) ON refresh_token TO iam_token_gc;
GRANT UPDATE (id) ON authentication_holder TO iam_token_gc;
GRANT UPDATE (id) ON saved_user_auth TO iam_token_gc;

-- for: run, tables that not every database has
GRANT SELECT (id), DELETE ON permission TO iam_token_gc;
GRANT SELECT (owner_id, ctid), DELETE ON permission_scope TO iam_token_gc;
GRANT SELECT (id, permission_id, expiration), DELETE ON permission_ticket TO iam_token_gc;
GRANT UPDATE (id) ON permission TO iam_token_gc;
GRANT SELECT (owner_id, ctid), DELETE ON saved_user_auth_info TO iam_token_gc;
GRANT SELECT (permission_ticket_id, ctid), DELETE ON claim_to_permission_ticket TO iam_token_gc;
GRANT SELECT (PRIMARY_ID, EXPIRY_TIME), DELETE ON SPRING_SESSION TO iam_token_gc;
GRANT SELECT (SESSION_PRIMARY_ID, ctid), DELETE ON SPRING_SESSION_ATTRIBUTES TO iam_token_gc;
GRANT SELECT (hash_value, expiration), DELETE ON iam_revoked_at TO iam_token_gc;

-- for: report, and for the level of the schema: what clients are called, and whom to write to. The names of users are
-- counted, never shown. purge_client has to see which client a code is for.
GRANT SELECT (client_name, refresh_token_validity_seconds, dynamically_registered, created_at)
      ON client_details TO iam_token_gc;
GRANT SELECT (active) ON client_details TO iam_token_gc;
GRANT SELECT (owner_id, grant_type) ON client_grant_type TO iam_token_gc;
GRANT SELECT (client_id) ON authentication_holder TO iam_token_gc;
GRANT SELECT (client_id) ON device_code TO iam_token_gc;
GRANT SELECT (owner_id, contact) ON client_contact TO iam_token_gc;
GRANT SELECT (name) ON saved_user_auth TO iam_token_gc;
GRANT SELECT (client_details_id, last_used) ON client_last_used TO iam_token_gc;
GRANT SELECT (account_id, client_id) ON iam_account_client TO iam_token_gc;
GRANT SELECT (id, username) ON iam_account TO iam_token_gc;
GRANT SELECT (version, success) ON schema_version TO iam_token_gc;

-- for: reader
GRANT SELECT (id, expiration, client_id, auth_holder_id, refresh_token_id) ON access_token TO iam_token_gc_reader;
GRANT SELECT (owner_id, scope) ON token_scope TO iam_token_gc_reader;
GRANT SELECT (access_token_id, permission_id) ON access_token_permissions TO iam_token_gc_reader;
GRANT SELECT (id, expiration, client_id, auth_holder_id) ON refresh_token TO iam_token_gc_reader;
GRANT SELECT (id, expiration, auth_holder_id) ON authorization_code TO iam_token_gc_reader;
GRANT SELECT (id, expiration, auth_holder_id) ON device_code TO iam_token_gc_reader;
GRANT SELECT (owner_id) ON device_code_scope TO iam_token_gc_reader;
GRANT SELECT (owner_id) ON device_code_request_parameter TO iam_token_gc_reader;
GRANT SELECT (id, user_auth_id) ON authentication_holder TO iam_token_gc_reader;
GRANT SELECT (owner_id) ON authentication_holder_scope TO iam_token_gc_reader;
GRANT SELECT (owner_id) ON authentication_holder_authority TO iam_token_gc_reader;
GRANT SELECT (owner_id) ON authentication_holder_extension TO iam_token_gc_reader;
GRANT SELECT (owner_id) ON authentication_holder_request_parameter TO iam_token_gc_reader;
GRANT SELECT (owner_id) ON authentication_holder_resource_id TO iam_token_gc_reader;
GRANT SELECT (owner_id) ON authentication_holder_response_type TO iam_token_gc_reader;
GRANT SELECT (id) ON saved_user_auth TO iam_token_gc_reader;
GRANT SELECT (owner_id) ON saved_user_auth_authority TO iam_token_gc_reader;
GRANT SELECT (id) ON permission TO iam_token_gc_reader;
GRANT SELECT (owner_id) ON permission_scope TO iam_token_gc_reader;
GRANT SELECT (id, permission_id, expiration) ON permission_ticket TO iam_token_gc_reader;
GRANT SELECT (id, client_id, access_token_validity_seconds) ON client_details TO iam_token_gc_reader;
GRANT SELECT (owner_id) ON saved_user_auth_info TO iam_token_gc_reader;
GRANT SELECT (permission_ticket_id) ON claim_to_permission_ticket TO iam_token_gc_reader;
GRANT SELECT (PRIMARY_ID, EXPIRY_TIME) ON SPRING_SESSION TO iam_token_gc_reader;
GRANT SELECT (SESSION_PRIMARY_ID) ON SPRING_SESSION_ATTRIBUTES TO iam_token_gc_reader;
GRANT SELECT (hash_value, expiration) ON iam_revoked_at TO iam_token_gc_reader;
GRANT SELECT (client_name, refresh_token_validity_seconds, dynamically_registered, created_at)
      ON client_details TO iam_token_gc_reader;
GRANT SELECT (active) ON client_details TO iam_token_gc_reader;
GRANT SELECT (owner_id, grant_type) ON client_grant_type TO iam_token_gc_reader;
GRANT SELECT (client_id) ON authentication_holder TO iam_token_gc_reader;
GRANT SELECT (client_id) ON device_code TO iam_token_gc_reader;
GRANT SELECT (owner_id, contact) ON client_contact TO iam_token_gc_reader;
GRANT SELECT (name) ON saved_user_auth TO iam_token_gc_reader;
GRANT SELECT (client_details_id, last_used) ON client_last_used TO iam_token_gc_reader;
GRANT SELECT (account_id, client_id) ON iam_account_client TO iam_token_gc_reader;
GRANT SELECT (id, username) ON iam_account TO iam_token_gc_reader;
GRANT SELECT (version, success) ON schema_version TO iam_token_gc_reader;

-- Only where these tables have row-level security: a session that would see some of the rows only is refused.
--   ALTER ROLE iam_token_gc BYPASSRLS;

-- Needed where the server has replicas (throttle.replica_lag), for throttle.sessions, and for a run to see whom it
-- keeps waiting (throttle.watch_blocking). With it the account also sees the statements of others and what is in them.
--   GRANT pg_read_all_stats TO iam_token_gc;

-- Policies of tokens that have not expired want more, to be granted by hand where they are on:
--   SELECT (token_value_hash) ON access_token                          for revoked
--   SELECT (param, val) ON authentication_holder_request_parameter     for unneeded.audiences; it shows all parameters
--   SELECT (scope) ON authentication_holder_scope                      for spare.scopes, where refresh tokens go
--   SELECT (scope) ON device_code_scope                                for spare.scopes and purge_client
