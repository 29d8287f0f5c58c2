-- Rows of any target with an id. {table} and {parent} come from the program's own list.

-- The rows with the one they point to; `lock` without locks.
-- name: read
SELECT id, {parent}
FROM {table}
WHERE id IN ({ids})
ORDER BY id;

-- name: existing
SELECT id
FROM {table}
WHERE id IN ({ids});

-- SQLite locks the whole database when the transaction begins.
-- name: lock
SELECT id, {parent}
FROM {table}
WHERE id IN ({ids})
ORDER BY id;
