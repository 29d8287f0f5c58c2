-- Needs the UPDATE right on one column of the table.
-- name: lock
SELECT id, {parent}
FROM {table}
WHERE id IN ({ids})
ORDER BY id
FOR UPDATE SKIP LOCKED;
