-- name: database
SELECT file
FROM pragma_database_list
WHERE name = 'main';

-- name: tables
SELECT name, ''
FROM sqlite_master
WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\';

-- name: columns
SELECT m.name, c.name
FROM sqlite_master m
JOIN pragma_table_info(m.name) c
WHERE m.type = 'table'
ORDER BY m.name, c.cid;

-- An INTEGER PRIMARY KEY is the table itself and no index.
-- name: indexes
SELECT m.name, c.name, i.name
FROM sqlite_master m
JOIN pragma_index_list(m.name) i
JOIN pragma_index_info(i.name) c
WHERE m.type = 'table' AND i.partial = 0 AND c.seqno = 0 AND c.name IS NOT NULL
UNION ALL
SELECT m.name, c.name, ''
FROM sqlite_master m
JOIN pragma_table_info(m.name) c
WHERE m.type = 'table' AND c.pk = 1;

-- SQLite tells no names of constraints.
-- name: foreign_keys
SELECT 'fk_' || m.name || '_' || k."from", m.name, k."from", k."table", k.on_delete
FROM sqlite_master m
JOIN pragma_foreign_key_list(m.name) k
WHERE m.type = 'table' AND k.seq = 0;
