-- In the order of the primary key, as every other run and statement takes them. {skip_locked} is empty where the
-- server cannot leave out rows that somebody holds.
-- name: lock
SELECT id, {parent}
FROM {table} FORCE INDEX (PRIMARY)
WHERE id IN ({ids})
ORDER BY id
FOR UPDATE {skip_locked};
