-- Beside rows.sql: garbage of every other kind, with its satellites, and what a report reads about a client.
INSERT INTO saved_user_auth (id, name) VALUES (3, 'carol');
INSERT INTO saved_user_auth_authority (owner_id, authority) VALUES (3, 'ROLE_USER');
INSERT INTO saved_user_auth_info (owner_id, info_key, info_val) VALUES (3, 'k', 'v');
INSERT INTO authentication_holder_authority (owner_id, authority) VALUES (1, 'ROLE_USER');
INSERT INTO device_code (id, device_code, user_code, expiration, client_id, approved, auth_holder_id) VALUES (1, 'device-1', 'user-1', '2020-01-01 00:00:00', 'one', FALSE, NULL);
INSERT INTO device_code_scope (owner_id, scope) VALUES (1, 'a');
INSERT INTO device_code_request_parameter (owner_id, param, val) VALUES (1, 'p', 'v');
INSERT INTO permission (id) VALUES (1), (2);
INSERT INTO permission_scope (owner_id, scope) VALUES (1, 'read'), (2, 'read');
INSERT INTO permission_ticket (id, ticket, permission_id, expiration) VALUES (1, 'ticket-1', 1, '2020-01-01 00:00:00');
INSERT INTO access_token_permissions (access_token_id, permission_id) VALUES (1, 2);
INSERT INTO refresh_token (id, token_value, expiration, client_id, auth_holder_id) VALUES (2, 'refresh-2', '2020-01-01 00:00:00', 1, 6);
INSERT INTO iam_revoked_at (hash_value, expiration, revoked_at) VALUES ('hash-1', '2020-01-01 00:00:00', '2019-12-31 00:00:00');
INSERT INTO SPRING_SESSION (PRIMARY_ID, SESSION_ID, CREATION_TIME, LAST_ACCESS_TIME, MAX_INACTIVE_INTERVAL, EXPIRY_TIME) VALUES ('p', 's', 1, 1, 1, 1);
INSERT INTO SPRING_SESSION_ATTRIBUTES (SESSION_PRIMARY_ID, ATTRIBUTE_NAME, ATTRIBUTE_BYTES) VALUES ('p', 'a', 'b');
INSERT INTO client_contact (owner_id, contact) VALUES (1, 'owner@example.org');
INSERT INTO client_grant_type (owner_id, grant_type) VALUES (1, 'client_credentials');
INSERT INTO client_last_used (client_details_id, last_used) VALUES (1, '2020-01-01');
