-- register --
-- Every citizen who has a number, as the check of whole files takes him: today's first (twelve digits took the place of
-- nine), then the others in the order in which they were entered.
SELECT citizen.id AS citizen, numbers.all_of_them[1] AS number,
       array_to_string(numbers.all_of_them[2:], ' ') AS former_numbers,
       citizen.full_name, citizen.birth_date, citizen.sex
FROM population_citizen citizen
JOIN LATERAL (SELECT array_agg(held.value ORDER BY length(held.value) <> 12, held.id) AS all_of_them
              FROM population_citizennumber held WHERE held.citizen_id = citizen.id) numbers
     ON numbers.all_of_them IS NOT NULL;

-- asked_before --
-- How often each record was asked about after %(since)s and until %(at)s, by wire and in other batches than %(batch)s.
SELECT record, sum(checks) AS checks
FROM (SELECT record, 1 AS checks FROM population_question
      WHERE record <> '' AND asked_at > %(since)s AND asked_at <= %(at)s
      UNION ALL
      SELECT record, questions FROM population_recordsofbatch
      WHERE batch <> %(batch)s AND at > %(since)s AND at <= %(at)s) asked
GROUP BY record;

-- changed_questions --
-- The questions answered «wrong» about any number of the given hashes. Those answered «unknown» are left out: to name one
-- would tell that its number is known now (docs/adr/0049).
SELECT id FROM population_questionofbatch WHERE about = ANY(%(about)s)
UNION
SELECT id FROM population_question WHERE about = ANY(%(about)s) AND answer ->> 'verdict' = 'wrong'
ORDER BY id;

-- prune_questions --
-- Look at the next %(limit)s questions asked before %(before)s after the one of (%(after_at)s, %(after)s), the oldest first,
-- and let go which are no longer needed: of answers of %(last_stays)s the record's last stays. Gives how many went, and the
-- last that was looked at; no row where none is left.
WITH looked AS (
    SELECT id, record, asked_at, answer ->> 'verdict' AS verdict FROM population_question
    WHERE (asked_at, id) > (%(after_at)s, %(after)s::uuid) AND asked_at < %(before)s
    ORDER BY asked_at, id LIMIT %(limit)s
), gone AS (
    DELETE FROM population_question old USING looked
    WHERE old.id = looked.id
      AND (looked.verdict <> ALL(%(last_stays)s::text[])
           OR looked.record <> '' AND EXISTS (SELECT FROM population_question later
                                              WHERE later.record = looked.record AND later.asked_at > looked.asked_at))
    RETURNING old.id
)
SELECT (SELECT count(*) FROM gone) AS gone, looked.asked_at, looked.id
FROM looked ORDER BY looked.asked_at DESC, looked.id DESC LIMIT 1;
