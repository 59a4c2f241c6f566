-- facts --
-- What is known of visits of one facility, named by id or by session and person; the injection is read from the ledger.
WITH wanted AS (
    SELECT visit.id FROM visits_visit visit
    WHERE visit.facility_id = %(facility)s AND visit.id = ANY(%(visits)s)
    UNION
    SELECT visit.id FROM unnest(%(sessions)s::uuid[], %(persons)s::uuid[]) AS pair (session_id, person_id)
    JOIN visits_visit visit
      ON visit.session_id = pair.session_id AND visit.person_id = pair.person_id AND visit.facility_id = %(facility)s
)
SELECT visit.id, visit.facility_id, visit.session_id, visit.person_id, visit.checked_in_at,
       screening.id AS screening_id, screening.outcome, dose.id AS dose_id, dose.injected_at,
       observation.id AS observation_id, observation.outcome AS ended_as, observation.ended_at
FROM wanted
JOIN visits_visit visit ON visit.id = wanted.id
LEFT JOIN visits_screening screening ON screening.visit_id = visit.id
LEFT JOIN visits_observation observation ON observation.visit_id = visit.id
LEFT JOIN LATERAL (
    SELECT dose.id, dose.injected_at FROM doses_dose dose
    WHERE dose.visit_id = visit.id AND dose.void_reason = ''
      AND NOT EXISTS (SELECT FROM doses_dose later WHERE later.supersedes_id = dose.id)
    ORDER BY dose.injected_at, dose.id LIMIT 1
) dose ON true;

-- persons --
-- What screening and dosing need to know of persons, named by id or by what a device had called them.
SELECT person.id AS called, person.id, person.sex, person.birth_date, person.birth_precision
FROM people_person person
WHERE person.id = ANY(%(persons)s)
UNION ALL
SELECT alias.provisional_id, person.id, person.sex, person.birth_date, person.birth_precision
FROM visits_personalias alias
JOIN people_person person ON person.id = alias.person_id
WHERE alias.provisional_id = ANY(%(persons)s);

-- visit_aliases --
-- Which visits of a facility the ids of a second device stand for.
SELECT provisional_id, visit_id FROM visits_visitalias
WHERE facility_id = %(facility)s AND provisional_id = ANY(%(visits)s);
