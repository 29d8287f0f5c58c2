-- By runs of consecutive ids (runs.postgresql.sql).

-- name: referenced
{runs}
SELECT a.auth_holder_id
FROM runs r
JOIN access_token a ON a.auth_holder_id BETWEEN r.first AND r.last
UNION
SELECT t.auth_holder_id
FROM runs r
JOIN refresh_token t ON t.auth_holder_id BETWEEN r.first AND r.last
UNION
SELECT c.auth_holder_id
FROM runs r
JOIN authorization_code c ON c.auth_holder_id BETWEEN r.first AND r.last
UNION
SELECT auth_holder_id
FROM device_code
WHERE auth_holder_id IN ({these});

-- What refers to them is looked up once, before the first of them goes: next to nothing, as they were found to be
-- orphans. A join with it would make room for the ninth of each table that the planner expects.
-- name: remove
{runs}
DELETE FROM authentication_holder
USING runs r
WHERE id BETWEEN r.first AND r.last
  AND id <> ALL (ARRAY(SELECT a.auth_holder_id
                       FROM runs r
                       JOIN access_token a ON a.auth_holder_id BETWEEN r.first AND r.last
                       UNION ALL
                       SELECT t.auth_holder_id
                       FROM runs r
                       JOIN refresh_token t ON t.auth_holder_id BETWEEN r.first AND r.last
                       UNION ALL
                       SELECT c.auth_holder_id
                       FROM runs r
                       JOIN authorization_code c ON c.auth_holder_id BETWEEN r.first AND r.last
                       UNION ALL
                       SELECT auth_holder_id
                       FROM device_code
                       WHERE auth_holder_id IN ({these})));
