-- name: database
SELECT current_database();

-- name: tables
SELECT t.relname, ''
FROM pg_class t
WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p');

-- name: columns
SELECT t.relname, c.attname
FROM pg_class t
JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
ORDER BY t.relname, c.attnum;

-- Only B-trees that are complete and cover every row.
-- name: indexes
SELECT t.relname, c.attname, x.relname
FROM pg_index i
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am m ON m.oid = x.relam AND m.amname = 'btree'
JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = i.indkey[0]
WHERE t.relnamespace = current_schema()::regnamespace AND i.indisvalid AND i.indisready AND i.indpred IS NULL;

-- Tables of another schema are named with it.
-- name: foreign_keys
SELECT k.conname,
       CASE WHEN t.relnamespace = r.relnamespace THEN '' ELSE t.relnamespace::regnamespace || '.' END || t.relname,
       c.attname, r.relname,
       CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'r' THEN 'RESTRICT'
                          WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO ACTION' END
FROM pg_constraint k
JOIN pg_class t ON t.oid = k.conrelid
JOIN pg_class r ON r.oid = k.confrelid
JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = k.conkey[1]
WHERE k.contype = 'f' AND k.conparentid = 0 AND r.relnamespace = current_schema()::regnamespace;
