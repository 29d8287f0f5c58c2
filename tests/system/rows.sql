-- Two expired tokens with holders and scopes, an expired code, an orphan; a live token, a registration token and a
-- refresh token that never expires. Times are far away, so that no clock matters.
INSERT INTO client_details (id, client_id, client_name, access_token_validity_seconds) VALUES (1, 'one', 'One', 3600);
INSERT INTO saved_user_auth (id, name) VALUES (1, 'alice'), (2, 'bob');
INSERT INTO authentication_holder (id, user_auth_id, client_id) VALUES (1, NULL, 'one'), (2, 1, 'one'), (3, NULL, 'one'), (4, NULL, 'one'), (5, 2, 'one'), (6, NULL, 'one');
INSERT INTO authentication_holder_scope (owner_id, scope) VALUES (1, 'a'), (2, 'a'), (3, 'a'), (4, 'a'), (5, 'a'), (6, 'a');
INSERT INTO refresh_token (id, token_value, expiration, client_id, auth_holder_id) VALUES (1, 'refresh-1', NULL, 1, 5);
INSERT INTO access_token (id, token_value, token_value_hash, expiration, client_id, auth_holder_id, refresh_token_id) VALUES (1, 'value-1', 'hash-1', '2020-01-01 00:00:00', 1, 1, NULL), (2, 'value-2', 'hash-2', '2020-01-01 00:00:01', 1, 6, NULL), (3, 'value-3', 'hash-3', '2037-12-31 00:00:00', 1, 4, NULL), (4, 'value-4', 'hash-4', NULL, 1, 4, NULL), (5, 'value-5', 'hash-5', '2020-01-01 00:00:02', 1, 5, 1);
INSERT INTO token_scope (owner_id, scope) VALUES (1, 'a'), (1, 'b'), (2, 'a'), (3, 'a'), (4, 'registration-token'), (5, 'a');
INSERT INTO authorization_code (id, code, auth_holder_id, expiration) VALUES (1, 'code-1', 2, '2020-01-01 00:00:00');
