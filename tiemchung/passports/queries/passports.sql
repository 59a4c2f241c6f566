-- due --
-- Persons who may be due a passport: verified, every standing dose attested and free of open findings, and no passport
-- in force that states their latest dose and lasts beyond %(renew)s. Whether the course is complete is asked of the rules.
SELECT person.id
FROM people_person person
JOIN identity_current verified ON verified.person_id = person.id AND verified.state = 'right'
JOIN LATERAL (SELECT dose.id, count(*) OVER () AS doses,
                     count(attested.dose_id) OVER () AS attested
              FROM doses_dose dose
              LEFT JOIN passports_attesteddose attested ON attested.dose_id = dose.id
              WHERE dose.person_id = person.id AND dose.void_reason = ''
                AND NOT EXISTS (SELECT FROM doses_dose later WHERE later.supersedes_id = dose.id)
              ORDER BY dose.injected_at DESC, dose.id DESC LIMIT 1) latest ON latest.doses = latest.attested
WHERE person.id > %(after)s
  AND NOT EXISTS (SELECT FROM doses_dosefinding finding
                  WHERE finding.person_id = person.id AND finding.resolved_at IS NULL)
  AND NOT EXISTS (SELECT FROM passports_passport passport
                  WHERE passport.person_id = person.id AND passport.dose_id = latest.id
                    AND passport.expires_at > %(renew)s
                    AND NOT EXISTS (SELECT FROM passports_revocation revoked WHERE revoked.passport_id = passport.id))
ORDER BY person.id
LIMIT %(limit)s;

-- to_compare --
-- Passports in force whose person or dose has changed since: a later statement, a superseded dose, or no verdict of right.
SELECT passport.id
FROM passports_passport passport
LEFT JOIN identity_current verified ON verified.person_id = passport.person_id
WHERE passport.expires_at > %(now)s
  AND NOT EXISTS (SELECT FROM passports_revocation revoked WHERE revoked.passport_id = passport.id)
  AND (verified.state IS DISTINCT FROM 'right'
       OR EXISTS (SELECT FROM doses_dose later WHERE later.supersedes_id = passport.dose_id)
       OR EXISTS (SELECT FROM people_personstatement said
                  WHERE said.person_id = passport.person_id AND said.at > passport.issued_at)
       OR EXISTS (SELECT FROM doses_dosefinding finding
                  WHERE finding.person_id = passport.person_id AND finding.resolved_at IS NULL))
ORDER BY passport.id
LIMIT %(limit)s;

-- waiting --
-- How many doses of each facility wait for an attestation, and since when.
SELECT facility.id AS facility_id, facility.name, count(*) AS doses, min(dose.injected_at) AS oldest
FROM doses_dose dose
JOIN places_facility facility ON facility.id = dose.facility_id
WHERE dose.void_reason = ''
  AND NOT EXISTS (SELECT FROM doses_dose later WHERE later.supersedes_id = dose.id)
  AND NOT EXISTS (SELECT FROM passports_attesteddose attested WHERE attested.dose_id = dose.id)
GROUP BY facility.id, facility.name
ORDER BY doses DESC, facility.name;
