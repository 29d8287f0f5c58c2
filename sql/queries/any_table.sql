-- Questions about a table of any kind; {table} is spelled as in the catalog.

-- Reads no more rows than needed to know whether there are that many.
-- name: count_up_to
-- params: rows
SELECT COUNT(*)
FROM (SELECT 1 AS one FROM {table} LIMIT ?) s;

-- Tells whether the account may remove, and removes nothing.
-- name: probe_removal
DELETE FROM {table}
WHERE 1 = 0;
