-- As GRANT wants to have it.
-- name: account
-- only: mysql, postgresql
SELECT quote_ident(current_user);

-- name: read_only
-- only: mysql, postgresql
SELECT CASE WHEN current_setting('transaction_read_only') = 'on' THEN 1 ELSE 0 END;

-- Needs the right to update one column of the table.
-- name: lock
-- only: postgresql
SELECT 1
FROM {table}
WHERE 1 = 0
FOR UPDATE;
