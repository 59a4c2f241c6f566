-- take_turns --
-- Tries to sign in with one name, or from one network, are counted one after the other, until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtextextended('sign-in:name:' || %(about)s::text, 0)),
       pg_advisory_xact_lock(hashtextextended('sign-in:network:' || %(network)s::text, 0));

-- forget_old --
-- Delete tries that count for nothing any more, in the order of their keys; one that somebody else deletes is left to him.
DELETE FROM population_signinattempt
WHERE id = ANY (ARRAY(SELECT id FROM population_signinattempt
                      WHERE at <= %(known)s OR (NOT succeeded AND at <= %(counted)s)
                      ORDER BY id FOR UPDATE SKIP LOCKED));
