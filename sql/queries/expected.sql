-- How much garbage there is before a run begins, counted in slices of the index on expiration.

-- The next rows behind a moment, newest first: how many there are, and the expiration of the last.
-- name: slice
-- params: expiration, rows
SELECT COUNT(*), MIN(expiration)
FROM (SELECT expiration
      FROM access_token
      WHERE expiration < ?
      ORDER BY expiration DESC
      LIMIT ?) s;

-- All rows of a slice, with those that have the expiration of its last and did not fit in any more.
-- name: count_slice
-- params: expiration, expiration of the last
SELECT COUNT(*)
FROM access_token
WHERE expiration < ? AND expiration >= ?;
