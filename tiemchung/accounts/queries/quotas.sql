-- spend prepared --
-- Count one use in the window of each kind, and give the uses of each window so far.
INSERT INTO accounts_spent AS spent (account_id, kind, begins_at, uses)
SELECT %(account)s, kind, begins_at, 1 FROM unnest(%(kinds)s::text[], %(windows)s::timestamptz[]) AS asked (kind, begins_at)
ON CONFLICT (account_id, kind, begins_at) DO UPDATE SET uses = spent.uses + 1
RETURNING kind, uses;

-- used --
-- How much of the windows that run now is used.
SELECT kind, uses FROM accounts_spent
WHERE account_id = %(account)s
  AND (kind, begins_at) IN (SELECT * FROM unnest(%(kinds)s::text[], %(windows)s::timestamptz[]));
