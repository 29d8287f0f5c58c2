-- By runs of consecutive ids (runs.postgresql.sql).

-- name: registration
{runs}
SELECT DISTINCT s.owner_id
FROM runs r
JOIN token_scope s ON s.owner_id BETWEEN r.first AND r.last
WHERE s.scope IN ('registration-token', 'resource-token');

-- IS TRUE keeps the planner from going by the index on the expiration where few tokens have expired.
-- name: remove
-- params: cut-off
{runs}
DELETE FROM access_token
USING runs r
WHERE id BETWEEN r.first AND r.last AND (expiration <= ?) IS TRUE;
