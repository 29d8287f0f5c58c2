-- What the archive of removed rows reads before they go, inside the batch's transaction, and what a restore asks and
-- writes. {table} and {columns} come from the program's own lists and the catalog.

-- name: rows
SELECT {columns}
FROM {table}
WHERE {key} IN ({ids})
ORDER BY {key};

-- name: key_rows
-- params: keys
SELECT {columns}
FROM {table}
WHERE {key} IN ({keys})
ORDER BY {key};

-- Whose the holders are.
-- name: users
SELECT h.id, u.name
FROM authentication_holder h
JOIN saved_user_auth u ON u.id = h.user_auth_id
WHERE h.id IN ({ids});

-- Which client the holders are for.
-- name: clients_of_holders
SELECT id, client_id
FROM authentication_holder
WHERE id IN ({ids});

-- name: clients
SELECT id, client_id
FROM client_details
WHERE id IN ({ids});

-- Tells whether the account may read these columns, and reads nothing.
-- name: probe
SELECT {columns}
FROM {table}
WHERE 1 = 0;

-- name: existing
SELECT DISTINCT {key}
FROM {table}
WHERE {key} IN ({ids});

-- name: existing_keys
-- params: keys
SELECT DISTINCT {key}
FROM {table}
WHERE {key} IN ({keys});

-- name: insert
-- params: the values of all rows
INSERT INTO {table} ({columns})
VALUES {rows};
