-- Further rights for archive.path on PostgreSQL, beyond grants.postgresql.sql: names of clients and users, scopes and
-- the hash of a token, so that the archive can say whose tokens they were. Still no value, code or secret.
--   psql iam < archive.postgresql.sql

GRANT SELECT (scope) ON token_scope TO iam_token_gc;
GRANT SELECT (client_id) ON device_code TO iam_token_gc;
GRANT SELECT (client_id) ON authentication_holder TO iam_token_gc;
GRANT SELECT (name) ON saved_user_auth TO iam_token_gc;
GRANT SELECT (token_value_hash) ON access_token TO iam_token_gc;
GRANT SELECT (principal_name) ON spring_session TO iam_token_gc;

-- archive.mode: full reads every column, token values included, and restore writes them. Give these rights for the
-- hours in which you need them, to an account of its own:
--   GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO iam_token_gc_archive;
