-- As GRANT wants to have it.
-- name: account
-- only: mysql, postgresql
SELECT CONCAT('''', SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''');

-- name: read_only
-- only: mysql, postgresql
SELECT CASE WHEN CAST(@@global.read_only AS CHAR) IN ('0', 'OFF') THEN 0 ELSE 1 END;
