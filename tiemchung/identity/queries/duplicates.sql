-- areas_of_records --
-- The area of each given record.
SELECT place.person_id, place.area_id FROM identity_record_area place WHERE place.person_id = ANY(%(persons)s::uuid[]);

-- gather_keys --
-- What records are known by, a row for each record and key; merged records count as the one that speaks for them.
-- Names and birth dates alone tie nobody: at the nation's size somebody else has both.
CREATE TEMPORARY TABLE duplicate_key ON COMMIT DROP AS
WITH record AS (
    SELECT person.id, coalesce(merged.kept_id, person.id) AS kept_id,
           array_to_string(person.name_tokens, ' ') AS folded_name, person.birth_date,
           person.birth_precision, person.residence_id
    FROM people_person person LEFT JOIN people_mergedperson merged ON merged.person_id = person.id
)
SELECT 'number' AS kind, hashtextextended(encode(number.look_up, 'hex'), 1) AS value, record.kept_id AS person_id
FROM people_identitynumber number JOIN record ON record.id = number.person_id
WHERE number.withdrawn_at IS NULL
UNION
SELECT 'handle', hashtextextended(latest.handle, 2), record.kept_id
FROM (SELECT DISTINCT ON (asked.person_id) asked.person_id, asked.handle, asked.verdict
      FROM identity_populationcheck asked WHERE asked.verdict <> ''
      ORDER BY asked.person_id, asked.asked_at DESC) latest
JOIN record ON record.id = latest.person_id
WHERE latest.verdict = 'right'
UNION
SELECT 'name_birth_commune',
       hashtextextended(record.folded_name || record.residence_id || record.birth_date::text, 3), record.kept_id
FROM record WHERE record.birth_precision = 'day' AND record.residence_id IS NOT NULL
UNION
SELECT 'name_year_commune',
       hashtextextended(record.folded_name || record.residence_id || extract(year FROM record.birth_date)::text, 4), record.kept_id
FROM record WHERE record.residence_id IS NOT NULL
UNION
SELECT 'phone_birth', hashtextextended(contact.value || record.birth_date::text, 5), record.kept_id
FROM people_contact contact JOIN record ON record.id = contact.person_id
WHERE contact.withdrawn_at IS NULL AND record.birth_precision = 'day'
UNION
SELECT 'phone_name', hashtextextended(contact.value || record.folded_name, 6), record.kept_id
FROM people_contact contact JOIN record ON record.id = contact.person_id
WHERE contact.withdrawn_at IS NULL;

-- drop_keys --
-- What was gathered is done with; it never outlives the transaction.
DROP TABLE duplicate_key;

-- pairs --
-- Pairs of records that share a key, each once with the kinds of its keys; a key of more than %(most)s records makes
-- none, and whoever somebody found to be two humans is left out.
WITH tied AS (
    SELECT kind, value, person_id
    FROM (SELECT kind, value, person_id, count(*) OVER (PARTITION BY kind, value) AS size FROM duplicate_key) sized
    WHERE size BETWEEN 2 AND %(most)s
), pair AS (
    SELECT one.person_id AS one_id, other.person_id AS other_id, array_agg(DISTINCT one.kind ORDER BY one.kind) AS keys
    FROM tied one JOIN tied other USING (kind, value)
    WHERE one.person_id < other.person_id
    GROUP BY one.person_id, other.person_id
)
SELECT pair.one_id, pair.other_id, pair.keys FROM pair
WHERE NOT EXISTS (
    SELECT FROM people_distinctpersons said
    LEFT JOIN people_mergedperson mine ON mine.person_id = said.one_id
    LEFT JOIN people_mergedperson theirs ON theirs.person_id = said.other_id
    WHERE said.ended_at IS NULL
      AND least(coalesce(mine.kept_id, said.one_id), coalesce(theirs.kept_id, said.other_id)) = pair.one_id
      AND greatest(coalesce(mine.kept_id, said.one_id), coalesce(theirs.kept_id, said.other_id)) = pair.other_id)
ORDER BY pair.one_id, pair.other_id;

-- crowds --
-- Numbers that more than %(most)s records share, with a few of the records: a placeholder, a company's or a parent's.
SELECT count(*) AS records, (array_agg(person_id ORDER BY person_id))[1:2] AS examples
FROM duplicate_key WHERE kind IN ('number', 'handle')
GROUP BY kind, value HAVING count(*) > %(most)s;

-- described --
-- What the given records are compared by, with the phones and the injections of all records of each human.
SELECT person.id, person.full_name, person.birth_date, person.birth_precision, person.sex, person.residence_id,
       ARRAY(SELECT contact.value FROM people_members(ARRAY[person.id]) member
             JOIN people_contact contact ON contact.person_id = member.person_id AND contact.withdrawn_at IS NULL) AS phones,
       ARRAY(SELECT (dose.injected_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date || ' ' || dose.lot_number
             FROM people_members(ARRAY[person.id]) member
             JOIN doses_standing dose ON dose.person_id = member.person_id) AS doses
FROM people_person person WHERE person.id = ANY(%(persons)s::uuid[]);

-- numbers_of --
-- The numbers that the given records have now, those of all records of each human; the value is encrypted.
SELECT member.asked_id, number.kind, number.value
FROM people_members(%(persons)s::uuid[]) member
JOIN people_identitynumber number ON number.person_id = member.person_id AND number.withdrawn_at IS NULL
ORDER BY member.asked_id, number.kind = 'cmnd', number.stated_at DESC;

-- listed --
-- Duplicates of a kind that the latest scan found, both records within reach and not decided since: most likely first.
SELECT found.id, found.kind, found.bits, found.evidence, found.one_id, found.other_id,
       one.full_name AS one_name, one.birth_date AS one_birth, other.full_name AS other_name, other.birth_date AS other_birth,
       commune.name AS commune
FROM identity_duplicate found
JOIN people_person one ON one.id = found.one_id
JOIN people_person other ON other.id = found.other_id
JOIN identity_record_area one_place ON one_place.person_id = one.id
JOIN identity_record_area other_place ON other_place.person_id = other.id
LEFT JOIN places_area commune ON commune.code = one_place.area_id
WHERE found.scan_id = (SELECT scan.id FROM identity_duplicatescan scan WHERE scan.ended_at IS NOT NULL
                       ORDER BY scan.started_at DESC LIMIT 1)
  AND found.kind = %(kind)s
  AND (%(scope_areas)s::text[] IS NULL
       OR (one_place.area_id = ANY(%(scope_areas)s::text[]) AND other_place.area_id = ANY(%(scope_areas)s::text[])))
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id IN (found.one_id, found.other_id))
  AND NOT EXISTS (SELECT FROM people_distinctpersons said
                  WHERE said.one_id = found.one_id AND said.other_id = found.other_id AND said.ended_at IS NULL)
ORDER BY found.bits DESC, found.id
LIMIT %(limit)s;

-- counted --
-- How many of each kind there are within reach, not decided since.
SELECT found.kind, count(*) AS pairs
FROM identity_duplicate found
JOIN people_person one ON one.id = found.one_id
JOIN people_person other ON other.id = found.other_id
JOIN identity_record_area one_place ON one_place.person_id = one.id
JOIN identity_record_area other_place ON other_place.person_id = other.id
WHERE found.scan_id = (SELECT scan.id FROM identity_duplicatescan scan WHERE scan.ended_at IS NOT NULL
                       ORDER BY scan.started_at DESC LIMIT 1)
  AND (%(scope_areas)s::text[] IS NULL
       OR (one_place.area_id = ANY(%(scope_areas)s::text[]) AND other_place.area_id = ANY(%(scope_areas)s::text[])))
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id IN (found.one_id, found.other_id))
  AND NOT EXISTS (SELECT FROM people_distinctpersons said
                  WHERE said.one_id = found.one_id AND said.other_id = found.other_id AND said.ended_at IS NULL)
GROUP BY found.kind;

-- merged_lately --
-- Merges that stand, both records within reach: the latest first.
SELECT tied.id, tied.at, tied.note, tied.kept_id, tied.merged_id, kept.full_name AS kept_name, kept.birth_date AS kept_birth,
       merged.full_name AS merged_name, merged.birth_date AS merged_birth
FROM people_merge tied
JOIN people_person kept ON kept.id = tied.kept_id
JOIN people_person merged ON merged.id = tied.merged_id
JOIN identity_record_area kept_place ON kept_place.person_id = kept.id
JOIN identity_record_area merged_place ON merged_place.person_id = merged.id
WHERE tied.undone_at IS NULL
  AND (%(scope_areas)s::text[] IS NULL
       OR (kept_place.area_id = ANY(%(scope_areas)s::text[]) AND merged_place.area_id = ANY(%(scope_areas)s::text[])))
ORDER BY tied.at DESC
LIMIT %(limit)s;
