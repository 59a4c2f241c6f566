-- histories prepared --
-- The standing entries of all records of the humans asked about, in the order of injection, with the province of the site.
WITH asked AS MATERIALIZED (
    SELECT asked.id, coalesce(merged.kept_id, asked.id) AS kept_id FROM unnest((SELECT %(persons)s::uuid[])) AS asked (id)
    LEFT JOIN people_mergedperson merged ON merged.person_id = asked.id
), member AS MATERIALIZED (
    SELECT id AS asked_id, kept_id AS person_id FROM asked
    UNION ALL
    SELECT asked.id, merged.person_id FROM asked JOIN people_mergedperson merged ON merged.kept_id = asked.kept_id
)
SELECT member.asked_id, dose.id, dose.person_id, dose.facility_id, dose.visit_id, dose.product, dose.lot_number, dose.injected_at,
       dose.stated_number, dose.has_finding, dose.possible_double, district.parent_id AS province
FROM member
JOIN doses_standing dose ON dose.person_id = member.person_id
JOIN places_facility facility ON facility.id = dose.facility_id
JOIN places_area commune ON commune.code = facility.area_id
JOIN places_area district ON district.code = commune.parent_id
ORDER BY member.asked_id, dose.injected_at, dose.id;

-- lock_persons prepared --
-- Two sites that record doses of one human, under whichever record, take turns, so that each sees the other's entry.
-- Sorted against deadlock.
WITH asked AS MATERIALIZED (
    SELECT coalesce(merged.kept_id, asked.id) AS kept_id FROM unnest((SELECT %(persons)s::uuid[])) AS asked (id)
    LEFT JOIN people_mergedperson merged ON merged.person_id = asked.id
), member AS MATERIALIZED (
    SELECT kept_id AS person_id FROM asked
    UNION
    SELECT merged.person_id FROM asked JOIN people_mergedperson merged ON merged.kept_id = asked.kept_id
)
SELECT person.id FROM people_person person
WHERE person.id IN (SELECT person_id FROM member)
ORDER BY person.id FOR NO KEY UPDATE OF person;

-- known_entries prepared --
-- Which of these ids the ledger has, with what tells the same entry from another.
SELECT id, person_id, facility_id, visit_id, session_id, product, lot_number, injected_at, arm, stated_number
FROM doses_dose WHERE id = ANY((SELECT %(doses)s::uuid[])::uuid[]);

-- lots_at prepared --
-- The province that a facility lies in, beside each lot of these numbers; beside nothing when there is none.
SELECT district.parent_id AS province, lot.id, lot.product, lot.number, lot.expires_on, lot.held_since, lot.hold_reason
FROM places_facility facility
JOIN places_area commune ON commune.code = facility.area_id
JOIN places_area district ON district.code = commune.parent_id
LEFT JOIN stock_lot lot ON lot.number = ANY((SELECT %(numbers)s::text[])::text[])
WHERE facility.id = %(facility)s;

-- province_of prepared --
-- The province that a facility lies in.
SELECT district.parent_id AS province
FROM places_facility facility
JOIN places_area commune ON commune.code = facility.area_id
JOIN places_area district ON district.code = commune.parent_id
WHERE facility.id = %(facility)s;

-- backlog --
-- Given (null without a tally) and recorded of each session and product of a facility, newest session first.
WITH given AS (
    SELECT tally.session_id, tally.product, tally.doses
    FROM doses_tally tally
    WHERE tally.facility_id = %(facility)s
      AND NOT EXISTS (SELECT FROM doses_tally later WHERE later.supersedes_id = tally.id)
), recorded AS (
    SELECT dose.session_id, dose.product, count(*) AS doses
    FROM doses_standing dose
    WHERE dose.facility_id = %(facility)s AND dose.session_id IS NOT NULL AND NOT dose.possible_double
    GROUP BY dose.session_id, dose.product
), line AS (
    SELECT id AS session_id, product FROM campaigns_session WHERE facility_id = %(facility)s AND "on" <= %(today)s
    UNION SELECT session_id, product FROM given
    UNION SELECT session_id, product FROM recorded
)
SELECT line.session_id, session.on, session.part, line.product, given.doses AS given,
       coalesce(recorded.doses, 0) AS recorded
FROM line
JOIN campaigns_session session ON session.id = line.session_id AND session.facility_id = %(facility)s
LEFT JOIN given ON given.session_id = line.session_id AND given.product = line.product
LEFT JOIN recorded ON recorded.session_id = line.session_id AND recorded.product = line.product
ORDER BY session.on DESC, session.part DESC, line.product;

-- persons_of_numbers --
-- The records that have these numbers now, the oldest first, with what tells whose a line of a list is.
SELECT wanted.line, person.id, person.name_key::text, person.birth_date, person.birth_precision::text
FROM unnest(%(lines)s::int[], %(look_ups)s::bytea[]) AS wanted (line, look_up)
JOIN people_identitynumber number ON number.look_up = wanted.look_up AND number.withdrawn_at IS NULL
JOIN people_person person ON person.id = number.person_id
ORDER BY wanted.line, person.created_at, person.id;
