-- Satellites: rows that belong to one owner. Table and column names come from the program's own list.

-- name: remove
DELETE FROM {table}
WHERE {owner} IN ({ids});

-- Those of the owners that have rows.
-- name: owners
SELECT DISTINCT {owner}
FROM {table}
WHERE {owner} IN ({ids});

-- name: count
SELECT COUNT(*)
FROM {table}
WHERE {owner} IN ({ids});

-- One branch of a UNION ALL over the satellite tables of a target: how many rows there are, up to {limit}; {number}
-- tells the branches apart.
-- name: rows
SELECT {number}, COUNT(*)
FROM (SELECT 1 AS one FROM {table} WHERE {owner} IN ({ids}) LIMIT {limit}) s;

-- The same for owners of more than {limit} rows.
-- name: heavy
SELECT {number}, {owner}, COUNT(*)
FROM {table}
WHERE {owner} IN ({ids})
GROUP BY {owner}
HAVING COUNT(*) > ?;

-- name: drain
-- params: owner, limit
DELETE FROM {table}
WHERE rowid IN (SELECT s.rowid FROM {table} s WHERE s.{owner} = ? LIMIT ?);

-- Where the next slice of rows ends, by owner, and how many rows it has.
-- name: slice
-- params: from, size
SELECT MAX(s.owner), COUNT(*)
FROM (SELECT {owner} AS owner FROM {table} WHERE {owner} > ? ORDER BY {owner} LIMIT ?) s;

-- Owners of a slice that do not exist.
-- name: ownerless
-- params: from, to, from, to, limit
SELECT s.owner
FROM (SELECT DISTINCT {owner} AS owner FROM {table} WHERE {owner} > ? AND {owner} <= ?) s
LEFT JOIN {parent} p ON p.{parent_key} = s.owner AND p.{parent_key} > ? AND p.{parent_key} <= ?
WHERE p.{parent_key} IS NULL
ORDER BY s.owner
LIMIT ?;

-- name: remove_ownerless
DELETE FROM {table}
WHERE {owner} IN ({ids})
  AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.{parent_key} = {table}.{owner});
