-- take_turns --
-- Tries to sign in with one name, or from one network, are counted one after the other, until the end of the transaction.
SELECT pg_advisory_xact_lock(hashtextextended('sign-in:name:' || %(about)s::text, 0)),
       pg_advisory_xact_lock(hashtextextended('sign-in:network:' || %(network)s::text, 0));
