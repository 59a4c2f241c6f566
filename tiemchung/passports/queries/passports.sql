-- due --
-- Whom of these persons a passport may be due: verified, every standing dose of all their records attested and free of open
-- findings, and no passport in force that states their latest dose and lasts until %(lasts_until)s.
-- Whether the course is complete is asked of the rules.
SELECT person.id, person.full_name, person.sex, person.birth_date, person.birth_precision
FROM people_person person
JOIN identity_current verified ON verified.person_id = person.id AND verified.state = 'right'
CROSS JOIN LATERAL (SELECT person.id || ARRAY(SELECT merged.person_id FROM people_mergedperson merged
                                              WHERE merged.kept_id = person.id) AS ids) records
JOIN LATERAL (SELECT dose.id, count(*) OVER () AS doses,
                     count(attested.dose_id) OVER () AS attested
              FROM doses_standing dose
              LEFT JOIN passports_attesteddose attested ON attested.dose_id = dose.id
              WHERE dose.person_id = ANY (records.ids)
              ORDER BY dose.injected_at DESC, dose.id DESC LIMIT 1) latest ON latest.doses = latest.attested
WHERE person.id = ANY(%(ids)s::uuid[])
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = person.id)
  AND NOT EXISTS (SELECT FROM doses_dosefinding finding
                  WHERE finding.person_id = ANY (records.ids) AND finding.resolved_at IS NULL)
  AND NOT EXISTS (SELECT FROM passports_passport passport
                  WHERE passport.person_id = person.id AND passport.dose_id = latest.id
                    AND passport.expires_at >= %(lasts_until)s::timestamptz
                    AND NOT EXISTS (SELECT FROM passports_revocation revoked WHERE revoked.passport_id = passport.id))
ORDER BY person.id;

-- changed --
-- Persons of whom something changed that nobody has looked at yet, so many at a time.
SELECT DISTINCT person_id FROM passports_change
WHERE person_id > %(after)s ORDER BY person_id LIMIT %(limit)s;

-- changes --
-- What changed of these persons: which rows, and which record speaks for the person now.
SELECT change.id, coalesce(merged.kept_id, change.person_id)
FROM passports_change change
LEFT JOIN people_mergedperson merged ON merged.person_id = change.person_id
WHERE change.person_id = ANY(%(ids)s);

-- looked_at --
-- These changes have been looked at.
DELETE FROM passports_change WHERE id = ANY(%(ids)s);

-- last_round --
-- What the last round went by.
SELECT lasts_until, basis FROM passports_round;

-- write_round --
-- What this round goes by.
INSERT INTO passports_round (id, lasts_until, basis) VALUES (1, %(lasts_until)s, %(basis)s)
ON CONFLICT (id) DO UPDATE SET lasts_until = excluded.lasts_until, basis = excluded.basis;

-- hold_rounds --
-- No batch is under way, and none begins, before the end of the transaction: what it would store is there, or not yet.
SELECT pg_advisory_xact_lock(hashtext('passports_round'));

-- join_round --
-- No round goes by anything else before the end of the transaction; other batches may be under way.
SELECT pg_advisory_xact_lock_shared(hashtext('passports_round'));

-- renew --
-- Look at whose passport ends from %(since)s on and before %(lasts_until)s.
INSERT INTO passports_change (person_id)
SELECT DISTINCT passport.person_id FROM passports_passport passport
WHERE passport.expires_at >= %(since)s AND passport.expires_at < %(lasts_until)s
  AND NOT EXISTS (SELECT FROM passports_revocation revoked WHERE revoked.passport_id = passport.id);

-- look_anew --
-- Look at everybody whose latest attested dose no passport states that lasts until %(lasts_until)s, and at whoever is
-- hindered: the rules may say another thing of them now.
INSERT INTO passports_change (person_id)
SELECT latest.person_id
FROM (SELECT DISTINCT ON (attested.person_id) attested.person_id, attested.dose_id
      FROM passports_attesteddose attested
      JOIN doses_dose dose ON dose.id = attested.dose_id
      WHERE NOT EXISTS (SELECT FROM doses_dose later WHERE later.supersedes_id = dose.id)
      ORDER BY attested.person_id, dose.injected_at DESC, dose.id DESC) latest
WHERE NOT EXISTS (SELECT FROM passports_passport passport
                  WHERE passport.dose_id = latest.dose_id AND passport.expires_at >= %(lasts_until)s
                    AND NOT EXISTS (SELECT FROM passports_revocation revoked WHERE revoked.passport_id = passport.id))
UNION
SELECT person_id FROM passports_hindrance WHERE ended_at IS NULL;

-- given --
-- The standing doses of these persons by column, in the order of injection: of all records of the human, with the
-- province of the site; the last one's id and facility first.
SELECT entry.asked_id, (array_agg(entry.id))[count(*)] AS dose_id, (array_agg(entry.facility_id))[count(*)] AS facility_id,
       array_agg(entry.product) AS products, array_agg(entry.day) AS days, array_agg(entry.province) AS provinces,
       array_agg(entry.stated_number) AS numbers
FROM (SELECT member.asked_id, dose.id, dose.facility_id, dose.product::text, dose.stated_number,
             (dose.injected_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, district.parent_id::text AS province
      FROM people_members(%(ids)s::uuid[]) member
      JOIN doses_standing dose ON dose.person_id = member.person_id
      JOIN places_facility facility ON facility.id = dose.facility_id
      JOIN places_area commune ON commune.code = facility.area_id
      JOIN places_area district ON district.code = commune.parent_id
      ORDER BY member.asked_id, dose.injected_at, dose.id) entry
GROUP BY entry.asked_id;

-- to_compare --
-- Passports in force that may say what no longer holds: since they were last compared, the person made a statement, an
-- entry of his in the ledger was added or superseded, a finding about one was made or resolved, a verdict came that is
-- not right, or a record became one with his or was parted from it; all this of any record of the human;
-- and those whose key was withdrawn. Five minutes are looked at twice, for what was written before and committed after.
SELECT passport.id
FROM passports_passport passport
LEFT JOIN passports_comparison compared ON compared.passport_id = passport.id
CROSS JOIN LATERAL (SELECT coalesce(compared.compared_at, passport.issued_at) - interval '5 minutes' AS moment) since
CROSS JOIN LATERAL (SELECT ARRAY(SELECT member.person_id FROM people_members(ARRAY[passport.person_id]) member) AS ids) records
WHERE passport.id > %(after)s AND passport.expires_at > %(now)s
  AND NOT EXISTS (SELECT FROM passports_revocation revoked WHERE revoked.passport_id = passport.id)
  AND (EXISTS (SELECT FROM people_personstatement said
               WHERE said.person_id = passport.person_id AND said.at >= since.moment)
       OR EXISTS (SELECT FROM doses_dose entry
                  WHERE entry.person_id = ANY (records.ids) AND entry.recorded_at >= since.moment)
       OR EXISTS (SELECT FROM doses_dose entry JOIN doses_dose later ON later.supersedes_id = entry.id
                  WHERE entry.person_id = ANY (records.ids) AND later.recorded_at >= since.moment)
       OR EXISTS (SELECT FROM doses_dosefinding finding
                  WHERE finding.person_id = ANY (records.ids)
                    AND (finding.resolved_at >= since.moment OR finding.found_at >= since.moment))
       OR EXISTS (SELECT FROM people_merge tied
                  WHERE tied.kept_id = ANY (records.ids) AND greatest(tied.at, tied.undone_at) >= since.moment)
       OR EXISTS (SELECT FROM people_merge tied
                  WHERE tied.merged_id = ANY (records.ids) AND greatest(tied.at, tied.undone_at) >= since.moment)
       OR EXISTS (SELECT FROM identity_populationcheck asked
                  WHERE asked.person_id = passport.person_id AND asked.verdict IN ('wrong', 'unknown')
                    AND asked.answered_at >= since.moment)
       OR EXISTS (SELECT FROM passports_signercertificate signer
                  WHERE signer.key_id = passport.key_id AND signer.withdrawn_at IS NOT NULL))
ORDER BY passport.id
LIMIT %(limit)s;

-- waiting --
-- How many doses of each facility within reach wait for an attestation, free of open findings, and since when.
SELECT facility.id AS facility_id, facility.name, count(*) AS doses, min(dose.injected_at) AS oldest
FROM doses_standing dose
JOIN places_facility facility ON facility.id = dose.facility_id
WHERE (%(scope_facilities)s::uuid[] IS NULL OR dose.facility_id = ANY(%(scope_facilities)s))
  AND NOT dose.has_finding
  AND NOT EXISTS (SELECT FROM passports_attesteddose attested WHERE attested.dose_id = dose.id)
GROUP BY facility.id, facility.name
ORDER BY doses DESC, facility.name;

-- hold_doses --
-- Wait until nobody else attests or corrects these doses, and let nobody do so before the end of the transaction.
SELECT hold_doses(%(ids)s);

-- hold_passports --
-- Wait until nobody else revokes these passports, and let nobody do so before the end of the transaction.
SELECT hold_passports(%(ids)s);


-- hold_persons --
-- Let nobody change these persons and the records that speak for them, or enter doses of theirs, before the end of the
-- transaction; rows that merely refer to them, such as a check-in, may come. Sorted against deadlock.
SELECT id FROM people_person
WHERE id IN (SELECT unnest(%(ids)s::uuid[])
             UNION SELECT kept_id FROM people_mergedperson WHERE person_id = ANY(%(ids)s))
ORDER BY id FOR NO KEY UPDATE;

-- held --
-- What is certified already of these persons and lasts until %(lasts_until)s: person and digest.
SELECT passport.person_id, passport.content_digest
FROM passports_passport passport
WHERE passport.person_id = ANY(%(ids)s) AND passport.expires_at >= %(lasts_until)s
  AND NOT EXISTS (SELECT FROM passports_revocation revoked WHERE revoked.passport_id = passport.id);

-- phones --
-- The phones of these persons, of any of their records, with the person asked about.
SELECT DISTINCT member.asked_id, contact.value
FROM people_members(%(ids)s::uuid[]) member
JOIN people_contact contact ON contact.person_id = member.person_id
WHERE contact.kind = 'phone' AND contact.withdrawn_at IS NULL
ORDER BY member.asked_id, contact.value;

-- hindered --
-- What stands in the way of a passport of these persons: whose, which field, which dose.
SELECT id, person_id, field, dose_id FROM passports_hindrance
WHERE ended_at IS NULL AND person_id = ANY(%(ids)s);

-- end_hindrances --
-- These stand in the way of a passport no more.
UPDATE passports_hindrance SET ended_at = %(now)s WHERE id = ANY(%(ids)s) AND ended_at IS NULL;
