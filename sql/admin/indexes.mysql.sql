-- SPDX-License-Identifier: Apache-2.0
-- Indexes that iam-token-gc can use, for MySQL and MariaDB; SQLite takes the same text. From V96 on (IAM 1.8.3) the
-- first four columns have one already.
--
-- Run only those that `iam-token-gc check` names: a second index on the same column costs space and helps nobody.
-- InnoDB builds them while the tables are in use (on MySQL 5.6 and later, MariaDB 10.0 and later), but a build reads
-- the whole table and needs room for the index, so choose a quiet hour for access_token and authentication_holder.

-- Without it no expired refresh token is removed: finding its access tokens would read all of them for every batch.
CREATE INDEX gc_access_token_refresh_token_id_idx ON access_token (refresh_token_id);

-- Without it no orphan user authentication is removed: finding its holder would read all holders for every batch.
CREATE INDEX gc_authentication_holder_user_auth_id_idx ON authentication_holder (user_auth_id);

-- Only where UMA is in use and these tables are large; a WLCG instance has them empty.
CREATE INDEX gc_access_token_permissions_access_token_id_idx ON access_token_permissions (access_token_id);
CREATE INDEX gc_access_token_permissions_permission_id_idx ON access_token_permissions (permission_id);
CREATE INDEX gc_permission_ticket_permission_id_idx ON permission_ticket (permission_id);
CREATE INDEX gc_permission_scope_owner_id_idx ON permission_scope (owner_id);

-- Only where the server's own clean-up of device codes stood still and device_code has grown beyond limits.scan_rows.
CREATE INDEX gc_device_code_auth_holder_id_idx ON device_code (auth_holder_id);
CREATE INDEX gc_device_code_scope_owner_id_idx ON device_code_scope (owner_id);
CREATE INDEX gc_device_code_request_parameter_owner_id_idx ON device_code_request_parameter (owner_id);
