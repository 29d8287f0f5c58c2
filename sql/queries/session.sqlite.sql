-- Whole seconds, because that is what the server writes.
-- name: clock
SELECT datetime('now'), CAST(strftime('%s', 'now') AS INTEGER) * 1000;
