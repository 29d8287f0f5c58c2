-- What the database really has.

-- Migrations that were carried out.
-- name: history
SELECT version
FROM schema_version
WHERE success AND version IS NOT NULL;
