-- What the server knows about its tables without reading them: rows, bytes with indexes, bytes of a row.
-- name: tables
SELECT t.TABLE_NAME, COALESCE(t.TABLE_ROWS, 0), COALESCE(t.DATA_LENGTH + t.INDEX_LENGTH, 0),
       COALESCE(t.AVG_ROW_LENGTH, 0)
FROM information_schema.TABLES t
WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE';

-- name: log
SELECT CASE WHEN @@log_bin THEN 'binary log' ELSE '' END;

-- name: expired
-- only: mysql, postgresql
-- params: cut-off
SELECT id FROM {table} WHERE expiration <= ?;
