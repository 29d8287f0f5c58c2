-- Runs of consecutive ids, from first to last: rows that are found by them cost one descent of an index for each run
-- instead of one for each id.
--
-- A join with runs must go from each of them into the index. The planner takes any BETWEEN of two columns for a ninth of
-- the table, so with ten runs or more it may prefer to read all of it and to look among the runs for each row.
-- The subqueries hide how many runs there are; it takes them for ten, and behind a LIMIT that it does not know for a tenth of
-- that: with a single run every other way reads nine times as much.

-- fragment: runs
WITH runs (first, last) AS MATERIALIZED (
    SELECT u.first, u.last
    FROM unnest((SELECT {first}::bigint[]), (SELECT {last}::bigint[])) u (first, last)
    LIMIT (SELECT cardinality({first}::bigint[])));
