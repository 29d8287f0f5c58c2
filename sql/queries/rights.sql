-- What the account may do, found by trying: so that a right counts however it was given, by a role, too.

-- Tells whether the account may read these columns, and reads nothing.
-- name: read
SELECT {columns}
FROM {table}
WHERE 1 = 0;
