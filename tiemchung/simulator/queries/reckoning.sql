-- by_site --
-- For each site of the play: what its ledger, stock and tallies say of one day. They must agree, but for a backlog.
SELECT facility.code,
       (SELECT count(*) FROM doses_dose dose
        WHERE dose.facility_id = facility.id AND dose.void_reason = ''
          AND (dose.injected_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = %(day)s::date
          AND NOT EXISTS (SELECT FROM doses_dose later WHERE later.supersedes_id = dose.id)) AS ledger,
       (SELECT coalesce(-sum(movement.doses), 0) FROM stock_stockmovement movement
        JOIN doses_dose dose ON dose.id = movement.dose_id
        WHERE movement.facility_id = facility.id AND movement.reason = 'injection'
          AND (dose.injected_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date = %(day)s::date) AS stock,
       (SELECT coalesce(sum(tally.doses), 0) FROM doses_tally tally
        JOIN campaigns_session held ON held.id = tally.session_id
        WHERE tally.facility_id = facility.id AND held.on = %(day)s::date
          AND NOT EXISTS (SELECT FROM doses_tally later WHERE later.supersedes_id = tally.id)) AS tally
FROM places_facility facility
ORDER BY facility.code;

-- people --
-- How many persons stand where: registered, with a dose, by identity, with a passport that holds.
SELECT (SELECT count(*) FROM people_person person
        WHERE NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = person.id)) AS persons,
       (SELECT count(*) FROM campaigns_registration WHERE withdrawn_at IS NULL) AS registrations,
       (SELECT count(*) FROM visits_visit) AS visits,
       (SELECT count(*) FROM visits_screening WHERE outcome = 'postponed') AS postponed,
       (SELECT count(*) FROM doses_dosefinding WHERE resolved_at IS NULL) AS open_findings,
       (SELECT count(*) FROM passports_passport passport
        WHERE NOT EXISTS (SELECT FROM passports_revocation revoked WHERE revoked.passport_id = passport.id)) AS passports,
       (SELECT count(*) FROM passports_revocation) AS revoked,
       (SELECT count(*) FROM identity_current WHERE state = 'right') AS right,
       (SELECT count(*) FROM identity_current WHERE state = 'wrong') AS wrong,
       (SELECT count(*) FROM identity_current WHERE state = 'unknown') AS unknown,
       (SELECT count(*) FROM identity_current WHERE state = 'unchecked') AS unchecked,
       (SELECT count(*) FROM identity_current WHERE state = 'not_sent') AS not_sent;
