-- {by_index} names the index that leads on the owner, where there is one: a scan of a small table would run into rows
-- of live owners that other sessions hold.

-- name: remove
DELETE {table}
FROM {table} {by_index}
WHERE {owner} IN ({ids});

-- name: drain
-- params: owner, limit
DELETE FROM {table}
WHERE {owner} = ?
LIMIT ?;

-- name: remove_ownerless
DELETE {table}
FROM {table} {by_index}
WHERE {owner} IN ({ids})
  AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.{parent_key} = {table}.{owner});
