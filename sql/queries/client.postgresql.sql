-- name: access_tokens
-- params: now, now, cut-off, now, after id, last id
SELECT client_id, CASE WHEN isfinite(expiration) THEN floor(extract(epoch FROM expiration::timestamp) / 60)::bigint END,
       SUM(CASE WHEN expiration > ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration <= ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration IS NULL THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration <= ? THEN 1 ELSE 0 END),
       SUM(CASE WHEN expiration > ? AND refresh_token_id IS NOT NULL THEN 1 ELSE 0 END)
FROM access_token
WHERE id > ? AND id <= ?
GROUP BY 1, 2;

-- name: bytes
-- params: the names of the tables
SELECT COALESCE(SUM(pg_total_relation_size(t.oid)), 0)::bigint
FROM pg_class t
WHERE t.relnamespace = current_schema()::regnamespace AND t.relname IN ({names});
