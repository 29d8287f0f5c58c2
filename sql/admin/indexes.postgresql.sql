-- SPDX-License-Identifier: Apache-2.0
-- Indexes that iam-token-gc can use, for PostgreSQL. A foreign key makes no index there, so that even the server's own
-- removal of a refresh token reads all access tokens.
--
-- Run only those that `iam-token-gc check` names: a second index on the same column costs space and helps nobody.
-- CONCURRENTLY lets the server go on writing meanwhile; it works outside a transaction only (psql's default), and a
-- build that failed leaves an invalid index behind: drop it and start again.

-- Without it no expired refresh token is removed: finding its access tokens would read all of them for every batch.
CREATE INDEX CONCURRENTLY gc_access_token_refresh_token_id_idx ON access_token (refresh_token_id);

-- Without it no orphan user authentication is removed: finding its holder would read all holders for every batch.
CREATE INDEX CONCURRENTLY gc_authentication_holder_user_auth_id_idx ON authentication_holder (user_auth_id);

-- Only where UMA is in use and these tables are large; a WLCG instance has them empty.
CREATE INDEX CONCURRENTLY gc_access_token_permissions_access_token_id_idx ON access_token_permissions (access_token_id);
CREATE INDEX CONCURRENTLY gc_access_token_permissions_permission_id_idx ON access_token_permissions (permission_id);
CREATE INDEX CONCURRENTLY gc_permission_ticket_permission_id_idx ON permission_ticket (permission_id);
CREATE INDEX CONCURRENTLY gc_permission_scope_owner_id_idx ON permission_scope (owner_id);

-- Only where the server's own clean-up of device codes stood still and device_code has grown beyond limits.scan_rows.
CREATE INDEX CONCURRENTLY gc_device_code_auth_holder_id_idx ON device_code (auth_holder_id);
CREATE INDEX CONCURRENTLY gc_device_code_scope_owner_id_idx ON device_code_scope (owner_id);
CREATE INDEX CONCURRENTLY gc_device_code_request_parameter_owner_id_idx ON device_code_request_parameter (owner_id);
