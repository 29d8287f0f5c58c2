-- name: database
SELECT DATABASE();

-- name: tables
SELECT t.TABLE_NAME, t.ENGINE
FROM information_schema.TABLES t
WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE';

-- name: columns
SELECT c.TABLE_NAME, c.COLUMN_NAME
FROM information_schema.COLUMNS c
WHERE c.TABLE_SCHEMA = DATABASE()
ORDER BY c.TABLE_NAME, c.ORDINAL_POSITION;

-- Table, leading column and name of each index; before MySQL 8 and MariaDB 10.6 all are usable.
-- name: indexes
SELECT s.TABLE_NAME, s.COLUMN_NAME, s.INDEX_NAME
FROM information_schema.STATISTICS s
WHERE s.TABLE_SCHEMA = DATABASE() AND s.SEQ_IN_INDEX = 1 AND s.INDEX_TYPE = 'BTREE' AND s.COLUMN_NAME IS NOT NULL;

-- name: indexes_of_mariadb
-- only: mysql
SELECT s.TABLE_NAME, s.COLUMN_NAME, s.INDEX_NAME
FROM information_schema.STATISTICS s
WHERE s.TABLE_SCHEMA = DATABASE() AND s.SEQ_IN_INDEX = 1 AND s.INDEX_TYPE = 'BTREE' AND s.COLUMN_NAME IS NOT NULL
  AND s.IGNORED = 'NO';

-- name: indexes_of_mysql
-- only: mysql
SELECT s.TABLE_NAME, s.COLUMN_NAME, s.INDEX_NAME
FROM information_schema.STATISTICS s
WHERE s.TABLE_SCHEMA = DATABASE() AND s.SEQ_IN_INDEX = 1 AND s.INDEX_TYPE = 'BTREE' AND s.COLUMN_NAME IS NOT NULL
  AND s.IS_VISIBLE = 'YES';

-- MariaDB shows the delete rules only to an account with rights on whole tables, the keys to one with rights on columns,
-- too.
-- name: foreign_keys
SELECT k.CONSTRAINT_NAME, k.TABLE_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_NAME,
       COALESCE(r.DELETE_RULE, 'rule not visible')
FROM information_schema.KEY_COLUMN_USAGE k
LEFT JOIN information_schema.REFERENTIAL_CONSTRAINTS r
  ON r.CONSTRAINT_SCHEMA = DATABASE() AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_SCHEMA = DATABASE() AND k.ORDINAL_POSITION = 1;
