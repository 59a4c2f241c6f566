-- window --
-- The last of the next %(window)s persons after %(after)s, by id; none where fewer are left.
SELECT id FROM people_person WHERE id > %(after)s ORDER BY id OFFSET %(window)s - 1 LIMIT 1;

-- due --
-- Persons after %(after)s and up to %(upto)s, by id, who are to be asked about: unchecked, and what they stated last neither
-- asked in vain since %(pause)s, nor refused since %(refused_pause)s, nor in a batch since %(batch_pause)s; an answer that
-- came since ends the pause. What a batch refuses as too much may be asked by wire. For merged records the one that speaks.
SELECT state.person_id
FROM identity_current state
WHERE state.person_id > %(after)s AND state.person_id <= %(upto)s
  AND state.state = 'unchecked'
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = state.person_id)
  AND NOT EXISTS (SELECT FROM identity_populationcheck asked
                  LEFT JOIN identity_checkbatch batch ON batch.id = asked.batch_id
                  WHERE asked.person_id = state.person_id AND asked.verdict = ''
                    AND asked.asked_at > CASE WHEN asked.fault = 'unreadable' THEN %(refused_pause)s
                                              WHEN asked.fault = 'too_many'
                                                   AND (batch.id IS NULL OR asked.asked_at > batch.made_at)
                                                   THEN %(refused_pause)s
                                              WHEN batch.id IS NULL OR asked.fault <> '' THEN %(pause)s
                                              ELSE %(batch_pause)s END
                    AND asked.statement_id = (SELECT said.id FROM people_personstatement said
                                              WHERE said.person_id = asked.person_id ORDER BY said.id DESC LIMIT 1)
                    AND NOT EXISTS (SELECT FROM identity_populationcheck answered
                                    WHERE answered.person_id = asked.person_id AND answered.answered_at > asked.asked_at))
ORDER BY state.person_id
LIMIT %(limit)s;

-- unknown_for_long --
-- Persons whose verdict that holds is «unknown» and was given before %(before)s, the oldest first, after the one of
-- (%(after_at)s, %(after)s); of merged records the one that speaks. %(night)s, 0 to 6 or none: only those whose night of the week it is, a seventh by a hash of the id.
SELECT DISTINCT asked.answered_at, asked.person_id
FROM identity_populationcheck asked
JOIN identity_current state ON state.person_id = asked.person_id
WHERE asked.verdict = 'unknown' AND asked.answered_at <= %(before)s
  AND asked.answered_at >= %(after_at)s AND (asked.answered_at, asked.person_id) > (%(after_at)s, %(after)s::uuid)
  AND (%(night)s::int IS NULL OR mod(hashtext(asked.person_id::text) & 2147483647, 7) = %(night)s::int)
  AND state.state = 'unknown' AND state.answered_at = asked.answered_at
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = asked.person_id)
ORDER BY asked.answered_at, asked.person_id
LIMIT %(limit)s;

-- states --
-- The state of each of the given persons, with the fields of the verdict that holds; of a merged record that of the one
-- that speaks for it.
SELECT wanted.id AS person_id, standing.person_id AS speaks_id, standing.state, standing.fields
FROM unnest(%(persons)s::uuid[]) AS wanted (id)
LEFT JOIN people_mergedperson merged ON merged.person_id = wanted.id
JOIN identity_current standing ON standing.person_id = coalesce(merged.kept_id, wanted.id);

-- asked --
-- What is asked about each of the given persons who has a number of the nation's kinds: his own before those of records
-- merged into his, any before a CMND, of these the newest; and the last statement.
SELECT person.id AS person_id, number.value AS number, person.full_name, person.birth_date, person.birth_precision,
       person.sex, said.id AS statement_id, said.by AS stated_by
FROM people_person person
JOIN LATERAL (SELECT held.value FROM people_identitynumber held
              WHERE held.person_id = ANY (person.id || ARRAY(SELECT merged.person_id FROM people_mergedperson merged
                                                             WHERE merged.kept_id = person.id))
                AND held.withdrawn_at IS NULL AND held.kind IN ('cccd', 'cmnd', 'ma_dinh_danh')
              ORDER BY held.person_id <> person.id, held.kind = 'cmnd', held.stated_at DESC LIMIT 1) number ON true
JOIN LATERAL (SELECT last.id, last.by FROM people_personstatement last
              WHERE last.person_id = person.id ORDER BY last.id DESC LIMIT 1) said ON true
WHERE person.id = ANY(%(persons)s)
ORDER BY person.id;
