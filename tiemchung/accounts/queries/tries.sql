-- count --
-- Count one more try for each key. Tries of an older window are forgotten, and with them the wait.
INSERT INTO accounts_tries AS known (key, count, since, until)
SELECT key, 1, %(now)s, NULL FROM unnest(%(keys)s::text[]) AS one (key) ORDER BY key
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN known.since < %(window)s THEN 1 ELSE known.count + 1 END,
    since = CASE WHEN known.since < %(window)s THEN %(now)s ELSE known.since END,
    until = NULL
RETURNING key, count;

-- give_back --
-- Take back one try of each key, and the wait that it brought.
UPDATE accounts_tries SET count = greatest(count - 1, 0), until = NULL WHERE key = ANY(%(keys)s);

-- forget_old --
-- Delete what no window holds any more, in the order in which tries are counted; a row that somebody holds goes next time.
DELETE FROM accounts_tries
WHERE key = ANY (ARRAY(SELECT key FROM accounts_tries WHERE since < %(before)s ORDER BY key FOR UPDATE SKIP LOCKED));
