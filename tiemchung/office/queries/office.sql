-- batch --
-- What a facility would sign now, by product and lot: doses that stand, free of findings that were
-- open at a moment, recorded until then.
SELECT dose.product, dose.lot_number, count(*) AS doses, min(dose.injected_at) AS first, max(dose.injected_at) AS last
FROM doses_standing dose
WHERE dose.facility_id = %(facility)s AND dose.recorded_at <= %(until)s AND NOT dose.has_finding
  AND NOT EXISTS (SELECT FROM doses_dosefinding finding WHERE finding.dose_id = dose.id AND finding.resolved_at > %(until)s)
  AND NOT EXISTS (SELECT FROM passports_attesteddose attested WHERE attested.dose_id = dose.id)
GROUP BY dose.product, dose.lot_number
ORDER BY dose.product, dose.lot_number;

-- batch_ids --
-- The doses of that batch.
SELECT dose.id
FROM doses_standing dose
WHERE dose.facility_id = %(facility)s AND dose.recorded_at <= %(until)s AND NOT dose.has_finding
  AND NOT EXISTS (SELECT FROM doses_dosefinding finding WHERE finding.dose_id = dose.id AND finding.resolved_at > %(until)s)
  AND NOT EXISTS (SELECT FROM passports_attesteddose attested WHERE attested.dose_id = dose.id)
ORDER BY dose.id
LIMIT %(limit)s;

-- to_review --
-- Doses of a facility with an open finding: somebody must look before they can be signed. `unread`: a device named the
-- person by an id alone.
SELECT finding.id AS finding_id, finding.person_id, finding.code, finding.vi, finding.en, dose.id AS dose_id, dose.product,
       dose.lot_number, dose.injected_at, person.full_name, person.birth_date,
       EXISTS (SELECT FROM doses_dosefinding bare
               WHERE bare.dose_id = dose.id AND bare.code = 'presence_unproven' AND bare.resolved_at IS NULL) AS unread
FROM doses_dosefinding finding
JOIN doses_dose dose ON dose.id = finding.dose_id
JOIN people_person person ON person.id = dose.person_id
WHERE finding.facility_id = %(facility)s AND finding.resolved_at IS NULL
  AND NOT EXISTS (SELECT FROM doses_dose later WHERE later.supersedes_id = dose.id)
ORDER BY finding.code, finding.vi, person.name_sort, finding.id
LIMIT %(limit)s;

-- coming_sessions --
-- The sessions of a facility from a day on, with how many people are invited to each.
SELECT held.id, held.on, held.part, held.product, held.capacity,
       (SELECT count(*) FROM campaigns_invitation invited WHERE invited.session_id = held.id) AS invited
FROM campaigns_session held
WHERE held.facility_id = %(facility)s AND held.on >= %(today)s
ORDER BY held.on, held.part DESC, held.product
LIMIT %(limit)s;

-- balance --
-- For the days of the batch: what the facility's tallies say was given, and what it recorded.
SELECT coalesce((SELECT sum(tally.doses) FROM doses_tally tally
                 JOIN campaigns_session held ON held.id = tally.session_id
                 WHERE tally.facility_id = %(facility)s AND held.on BETWEEN %(first)s::date AND %(last)s::date
                   AND NOT EXISTS (SELECT FROM doses_tally later WHERE later.supersedes_id = tally.id)), 0) AS given,
       (SELECT count(*) FROM doses_standing dose
        JOIN campaigns_session held ON held.id = dose.session_id
        WHERE dose.facility_id = %(facility)s AND held.on BETWEEN %(first)s::date AND %(last)s::date
          AND NOT dose.possible_double) AS recorded;

-- funnel --
-- The way to the passport, in persons: with a dose in the ledger, identity by state, with a passport in force.
SELECT count(*) AS vaccinated,
       count(*) FILTER (WHERE identity.state = 'right') AS right,
       count(*) FILTER (WHERE identity.state = 'wrong') AS wrong,
       count(*) FILTER (WHERE identity.state = 'unknown') AS unknown,
       count(*) FILTER (WHERE identity.state = 'unchecked') AS unchecked,
       count(*) FILTER (WHERE identity.state = 'not_sent') AS not_sent,
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM passports_passport passport
           WHERE passport.person_id = given.kept_id AND passport.expires_at > %(now)s
             AND NOT EXISTS (SELECT FROM passports_revocation revoked WHERE revoked.passport_id = passport.id)
       )) AS passports
FROM (SELECT DISTINCT kept_id FROM doses_standing) given
JOIN identity_current identity ON identity.person_id = given.kept_id;

-- latest_attestations --
-- The newest attestations of a facility.
SELECT attestation.id, attestation.attested_at, attestation.leaves
FROM passports_attestation attestation
WHERE attestation.facility_id = %(facility)s
ORDER BY attestation.attested_at DESC
LIMIT 10;

-- hindrances --
-- Persons within reach, by the site of their latest dose, who cannot get a passport, the one who waits longest first.
-- Who made another statement since then waits for the population check and is not listed. `of_all` is how many there are,
-- listed or beyond the limit.
SELECT hindrance.id, hindrance.person_id, person.full_name, person.birth_date, facility.name AS facility, hindrance.field,
       hindrance.vi, hindrance.en, hindrance.found_at, count(*) OVER () AS of_all
FROM passports_hindrance hindrance
JOIN people_person person ON person.id = hindrance.person_id
JOIN places_facility facility ON facility.id = hindrance.facility_id
WHERE hindrance.ended_at IS NULL
  AND (%(scope_facilities)s::uuid[] IS NULL OR hindrance.facility_id = ANY(%(scope_facilities)s::uuid[]))
  AND NOT EXISTS (SELECT FROM people_personstatement said
                  WHERE said.person_id = hindrance.person_id AND said.at > hindrance.found_at)
ORDER BY hindrance.found_at, hindrance.id
LIMIT %(limit)s;
