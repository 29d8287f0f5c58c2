-- Rights of two accounts of iam-token-gc on MariaDB and MySQL. iam_token_gc runs everything: it may remove rows, and read
-- the few columns that decide what may go. iam_token_gc_reader, in the last part, may only read, for `plan` and `report`.
-- Neither has a right on token_value, code, ticket, device_code, user_code or any client secret.
--
-- Make the accounts first, or the one that you want, with passwords of your own; then run this file in the database of
-- the identity server:
--   CREATE USER 'iam_token_gc'@'%' IDENTIFIED BY '...';
--   CREATE USER 'iam_token_gc_reader'@'%' IDENTIFIED BY '...';
--   mariadb --force iam < grants.mysql.sql
-- --force goes on after tables that your schema level does not have, and after an account that is not there.
-- `iam-token-gc check` holds an account to this file, and prints each GRANT that is missing.

-- for: run
GRANT SELECT (id, expiration, client_id, auth_holder_id, refresh_token_id), DELETE ON access_token TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id, scope), DELETE ON token_scope TO 'iam_token_gc'@'%';
GRANT SELECT (access_token_id, permission_id), DELETE ON access_token_permissions TO 'iam_token_gc'@'%';
GRANT SELECT (id, expiration, client_id, auth_holder_id), DELETE ON refresh_token TO 'iam_token_gc'@'%';
GRANT SELECT (id, expiration, auth_holder_id), DELETE ON authorization_code TO 'iam_token_gc'@'%';
GRANT SELECT (id, expiration, auth_holder_id), DELETE ON device_code TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id), DELETE ON device_code_scope TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id), DELETE ON device_code_request_parameter TO 'iam_token_gc'@'%';

GRANT SELECT (id, user_auth_id), DELETE ON authentication_holder TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id), DELETE ON authentication_holder_scope TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id), DELETE ON authentication_holder_authority TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id), DELETE ON authentication_holder_extension TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id), DELETE ON authentication_holder_request_parameter TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id), DELETE ON authentication_holder_resource_id TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id), DELETE ON authentication_holder_response_type TO 'iam_token_gc'@'%';
GRANT SELECT (id), DELETE ON saved_user_auth TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id), DELETE ON saved_user_auth_authority TO 'iam_token_gc'@'%';

GRANT SELECT (id, client_id, access_token_validity_seconds) ON client_details TO 'iam_token_gc'@'%';

-- Shows the account every foreign key, and so those of tables that iam-token-gc does not know: it refuses to remove rows
-- that such a table refers to. The right reads no row, and without the right to create or alter tables it makes no key.
GRANT REFERENCES ON * TO 'iam_token_gc'@'%';

-- for: run, tables that not every database has
GRANT SELECT (id), DELETE ON permission TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id), DELETE ON permission_scope TO 'iam_token_gc'@'%';
GRANT SELECT (id, permission_id, expiration), DELETE ON permission_ticket TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id), DELETE ON saved_user_auth_info TO 'iam_token_gc'@'%';
GRANT SELECT (permission_ticket_id), DELETE ON claim_to_permission_ticket TO 'iam_token_gc'@'%';
GRANT SELECT (PRIMARY_ID, EXPIRY_TIME), DELETE ON SPRING_SESSION TO 'iam_token_gc'@'%';
GRANT SELECT (SESSION_PRIMARY_ID), DELETE ON SPRING_SESSION_ATTRIBUTES TO 'iam_token_gc'@'%';
GRANT SELECT (hash_value, expiration), DELETE ON iam_revoked_at TO 'iam_token_gc'@'%';

-- for: report, and for the level of the schema: what clients are called, and whom to write to. The names of users are
-- counted, never shown. purge_client has to see which client a code is for.
GRANT SELECT (client_name, refresh_token_validity_seconds, dynamically_registered, created_at)
      ON client_details TO 'iam_token_gc'@'%';
GRANT SELECT (active) ON client_details TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id, grant_type) ON client_grant_type TO 'iam_token_gc'@'%';
GRANT SELECT (client_id) ON authentication_holder TO 'iam_token_gc'@'%';
GRANT SELECT (client_id) ON device_code TO 'iam_token_gc'@'%';
GRANT SELECT (owner_id, contact) ON client_contact TO 'iam_token_gc'@'%';
GRANT SELECT (name) ON saved_user_auth TO 'iam_token_gc'@'%';
GRANT SELECT (client_details_id, last_used) ON client_last_used TO 'iam_token_gc'@'%';
GRANT SELECT (account_id, client_id) ON iam_account_client TO 'iam_token_gc'@'%';
GRANT SELECT (id, username) ON iam_account TO 'iam_token_gc'@'%';
GRANT SELECT (version, success) ON schema_version TO 'iam_token_gc'@'%';

-- for: reader
GRANT SELECT (id, expiration, client_id, auth_holder_id, refresh_token_id) ON access_token TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id, scope) ON token_scope TO 'iam_token_gc_reader'@'%';
GRANT SELECT (access_token_id, permission_id) ON access_token_permissions TO 'iam_token_gc_reader'@'%';
GRANT SELECT (id, expiration, client_id, auth_holder_id) ON refresh_token TO 'iam_token_gc_reader'@'%';
GRANT SELECT (id, expiration, auth_holder_id) ON authorization_code TO 'iam_token_gc_reader'@'%';
GRANT SELECT (id, expiration, auth_holder_id) ON device_code TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id) ON device_code_scope TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id) ON device_code_request_parameter TO 'iam_token_gc_reader'@'%';
GRANT SELECT (id, user_auth_id) ON authentication_holder TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id) ON authentication_holder_scope TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id) ON authentication_holder_authority TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id) ON authentication_holder_extension TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id) ON authentication_holder_request_parameter TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id) ON authentication_holder_resource_id TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id) ON authentication_holder_response_type TO 'iam_token_gc_reader'@'%';
GRANT SELECT (id) ON saved_user_auth TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id) ON saved_user_auth_authority TO 'iam_token_gc_reader'@'%';
GRANT SELECT (id) ON permission TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id) ON permission_scope TO 'iam_token_gc_reader'@'%';
GRANT SELECT (id, permission_id, expiration) ON permission_ticket TO 'iam_token_gc_reader'@'%';
GRANT SELECT (id, client_id, access_token_validity_seconds) ON client_details TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id) ON saved_user_auth_info TO 'iam_token_gc_reader'@'%';
GRANT SELECT (permission_ticket_id) ON claim_to_permission_ticket TO 'iam_token_gc_reader'@'%';
GRANT SELECT (PRIMARY_ID, EXPIRY_TIME) ON SPRING_SESSION TO 'iam_token_gc_reader'@'%';
GRANT SELECT (SESSION_PRIMARY_ID) ON SPRING_SESSION_ATTRIBUTES TO 'iam_token_gc_reader'@'%';
GRANT SELECT (hash_value, expiration) ON iam_revoked_at TO 'iam_token_gc_reader'@'%';
GRANT SELECT (client_name, refresh_token_validity_seconds, dynamically_registered, created_at)
      ON client_details TO 'iam_token_gc_reader'@'%';
GRANT SELECT (active) ON client_details TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id, grant_type) ON client_grant_type TO 'iam_token_gc_reader'@'%';
GRANT SELECT (client_id) ON authentication_holder TO 'iam_token_gc_reader'@'%';
GRANT SELECT (client_id) ON device_code TO 'iam_token_gc_reader'@'%';
GRANT SELECT (owner_id, contact) ON client_contact TO 'iam_token_gc_reader'@'%';
GRANT SELECT (name) ON saved_user_auth TO 'iam_token_gc_reader'@'%';
GRANT SELECT (client_details_id, last_used) ON client_last_used TO 'iam_token_gc_reader'@'%';
GRANT SELECT (account_id, client_id) ON iam_account_client TO 'iam_token_gc_reader'@'%';
GRANT SELECT (id, username) ON iam_account TO 'iam_token_gc_reader'@'%';
GRANT SELECT (version, success) ON schema_version TO 'iam_token_gc_reader'@'%';
GRANT REFERENCES ON * TO 'iam_token_gc_reader'@'%';

-- Optional, because with PROCESS an account also sees the statements of others and what is in them: it lets a run see
-- whom it keeps waiting (throttle.watch_blocking; MySQL wants SELECT on performance_schema.* instead), and on MySQL how
-- far purge is behind (throttle.history_list). Without it a run says so and works on.
--   GRANT PROCESS ON *.* TO 'iam_token_gc'@'%';
-- On each replica in throttle.replicas, SLAVE MONITOR, which MySQL calls REPLICATION CLIENT; for the word discover
-- there, on this server REPLICATION MASTER ADMIN, which MySQL calls REPLICATION SLAVE.
--   GRANT SLAVE MONITOR ON *.* TO 'iam_token_gc'@'%';
--   GRANT REPLICATION MASTER ADMIN ON *.* TO 'iam_token_gc'@'%';

-- Policies of tokens that have not expired want more, to be granted by hand where they are on:
--   SELECT (token_value_hash) ON access_token                          for revoked
--   SELECT (param, val) ON authentication_holder_request_parameter     for unneeded.audiences; it shows all parameters
--   SELECT (scope) ON authentication_holder_scope                      for spare.scopes, where refresh tokens go
--   SELECT (scope) ON device_code_scope                                for spare.scopes and purge_client
