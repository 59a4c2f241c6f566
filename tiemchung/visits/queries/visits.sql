-- had prepared --
-- Which of these events were sent before, with what tells other content and what was found.
SELECT id, digest, findings FROM visits_siteevent WHERE id = ANY((SELECT %(events)s::uuid[])::uuid[]);

-- facts prepared --
-- What is known of visits of one facility, of their persons and sessions. They are named by id or by what a second device
-- had called them (then `called` says so), or by session and person, who answers to any of his records and aliases; the
-- injection is read from the ledger. OFFSET 0 keeps each look-up one of its own: at a busy site, whose table grew since it
-- was last analysed, the planner would else pair everybody named with everybody who came.
WITH asked AS MATERIALIZED (
    SELECT named.called, coalesce(alias.visit_id, named.called) AS id
    FROM unnest((SELECT %(visits)s::uuid[])) AS named (called)
    LEFT JOIN LATERAL (SELECT visit_id, facility_id FROM visits_visitalias alias
                       WHERE alias.provisional_id = named.called AND alias.facility_id = %(facility)s OFFSET 0) alias ON true
), met AS MATERIALIZED (
    SELECT named.session_id, coalesce(merged.kept_id, alias.person_id, named.called) AS kept_id
    FROM unnest((SELECT %(sessions)s::uuid[]), (SELECT %(persons)s::uuid[])) AS named (session_id, called)
    LEFT JOIN visits_personalias alias ON alias.provisional_id = named.called
    LEFT JOIN people_mergedperson merged ON merged.person_id = coalesce(alias.person_id, named.called)
), human AS MATERIALIZED (
    SELECT session_id, kept_id AS person_id FROM met
    UNION ALL
    SELECT met.session_id, merged.person_id FROM met JOIN people_mergedperson merged ON merged.kept_id = met.kept_id
), wanted AS (
    SELECT asked.called, visit.id FROM asked
    CROSS JOIN LATERAL (SELECT id, facility_id FROM visits_visit visit WHERE visit.id = asked.id OFFSET 0) visit
    WHERE visit.facility_id = %(facility)s
    UNION ALL
    SELECT NULL, visit.id FROM human
    CROSS JOIN LATERAL (SELECT id, facility_id FROM visits_visit visit
                        WHERE visit.session_id = human.session_id AND visit.person_id = human.person_id OFFSET 0) visit
    WHERE visit.facility_id = %(facility)s
)
SELECT wanted.called, visit.id, visit.facility_id, visit.session_id, visit.person_id, visit.checked_in_at, visit.way,
       screening.id, screening.outcome, dose.id, dose.injected_at, observation.id, observation.outcome,
       observation.ended_at,
       person.sex, person.birth_date, person.birth_precision, person.id,
       session.campaign_id, session.on, session.part, session.product, session.capacity
FROM wanted
JOIN visits_visit visit ON visit.id = wanted.id
JOIN campaigns_session session ON session.id = visit.session_id
LEFT JOIN people_mergedperson merged ON merged.person_id = visit.person_id
JOIN people_person person ON person.id = coalesce(merged.kept_id, visit.person_id)
LEFT JOIN visits_screening screening ON screening.visit_id = visit.id
LEFT JOIN visits_observation observation ON observation.visit_id = visit.id
LEFT JOIN LATERAL (
    SELECT dose.id, dose.injected_at FROM doses_dose dose
    WHERE dose.visit_id = visit.id AND dose.void_reason = ''
      AND NOT EXISTS (SELECT FROM doses_dose later WHERE later.supersedes_id = dose.id)
    ORDER BY dose.injected_at, dose.id LIMIT 1
) dose ON true;

-- coming prepared --
-- Who is said to have come to which session of a facility: the person, named by id or by what a device had called him, with
-- what the record says that speaks for him; and the session. Of either nothing, where there is none.
SELECT named.called, known.id, kept.sex, kept.birth_date, kept.birth_precision, kept.id,
       session.id, session.facility_id, session.campaign_id, session.on, session.part, session.product, session.capacity
FROM unnest((SELECT %(sessions)s::uuid[]), (SELECT %(persons)s::uuid[])) AS named (session_id, called)
LEFT JOIN visits_personalias alias ON alias.provisional_id = named.called
LEFT JOIN people_person known ON known.id = coalesce(alias.person_id, named.called)
LEFT JOIN people_mergedperson merged ON merged.person_id = known.id
LEFT JOIN people_person kept ON kept.id = coalesce(merged.kept_id, known.id)
LEFT JOIN campaigns_session session ON session.id = named.session_id AND session.facility_id = %(facility)s;

-- sessions prepared --
-- Sessions of one facility by their ids.
SELECT id, facility_id, campaign_id, "on", part, product, capacity
FROM campaigns_session WHERE id = ANY((SELECT %(sessions)s::uuid[])::uuid[]) AND facility_id = %(facility)s;

-- persons prepared --
-- What screening and dosing need to know of persons, named by id or by what a device had called them; of merged records
-- what the one says that speaks for them.
WITH named (called, id) AS (
    SELECT person.id, person.id FROM people_person person WHERE person.id = ANY((SELECT %(persons)s::uuid[])::uuid[])
    UNION ALL
    SELECT alias.provisional_id, alias.person_id FROM visits_personalias alias
    WHERE alias.provisional_id = ANY((SELECT %(persons)s::uuid[])::uuid[])
)
SELECT named.called, named.id, kept.sex, kept.birth_date, kept.birth_precision, kept.id
FROM named
LEFT JOIN people_mergedperson merged ON merged.person_id = named.id
JOIN people_person kept ON kept.id = coalesce(merged.kept_id, named.id);

-- sessions_of_day --
-- The sessions of a facility on a day: who is invited, and how far those who came have got.
SELECT session.id, session.facility_id, session.on, session.part, session.product, session.capacity,
       (SELECT count(*) FROM campaigns_invitation invitation WHERE invitation.session_id = session.id) AS invited,
       count(visit.id) AS came,
       count(visit.id) FILTER (WHERE dose.id IS NULL AND observation.id IS NULL
                                 AND coalesce(screening.outcome, 'eligible') IN ('eligible', 'caution')) AS waiting,
       count(visit.id) FILTER (WHERE dose.id IS NULL AND screening.outcome IN ('postponed', 'contraindicated'))
           AS not_today,
       count(dose.id) AS injected,
       count(dose.id) FILTER (WHERE observation.id IS NULL) AS observed
FROM campaigns_session session
LEFT JOIN visits_visit visit ON visit.session_id = session.id AND visit.facility_id = %(facility)s
LEFT JOIN visits_screening screening ON screening.visit_id = visit.id
LEFT JOIN visits_observation observation ON observation.visit_id = visit.id
LEFT JOIN LATERAL (SELECT standing.id FROM doses_standing standing WHERE standing.visit_id = visit.id LIMIT 1) dose ON true
WHERE session.facility_id = %(facility)s AND session.on = %(day)s
GROUP BY session.id
ORDER BY session.part = 'afternoon', session.product;

-- board --
-- Who sits in observation at a facility: injected since a moment, and not yet let go; the earliest injection first.
SELECT visit.id, visit.person_id, person.full_name, dose.injected_at, screening.outcome,
       ARRAY(SELECT answer.key FROM jsonb_each_text(screening.answers) answer WHERE answer.value = 'yes') AS cautions
FROM doses_standing dose
JOIN visits_visit visit ON visit.id = dose.visit_id
JOIN people_person person ON person.id = visit.person_id
LEFT JOIN visits_screening screening ON screening.visit_id = visit.id
WHERE dose.facility_id = %(facility)s AND dose.injected_at >= %(since)s
  AND NOT EXISTS (SELECT FROM visits_observation observation WHERE observation.visit_id = visit.id)
ORDER BY dose.injected_at, dose.id;

-- in_hand --
-- Visits of a facility that were begun since a moment and neither injected nor sent home: the earliest first.
SELECT visit.id, visit.person_id, person.full_name, person.birth_date, person.sex, visit.checked_in_at,
       screening.outcome, session.product
FROM visits_visit visit
JOIN people_person person ON person.id = visit.person_id
JOIN campaigns_session session ON session.id = visit.session_id
LEFT JOIN visits_screening screening ON screening.visit_id = visit.id
WHERE visit.facility_id = %(facility)s AND visit.checked_in_at >= %(since)s
  AND coalesce(screening.outcome, 'eligible') IN ('eligible', 'caution')
  AND NOT EXISTS (SELECT FROM doses_standing dose WHERE dose.visit_id = visit.id)
  AND NOT EXISTS (SELECT FROM visits_observation observation WHERE observation.visit_id = visit.id)
ORDER BY visit.checked_in_at, visit.id;

-- last_done --
-- The person who was injected last at a facility since a moment.
SELECT dose.person_id, person.full_name, person.sex, dose.injected_at
FROM doses_standing dose
JOIN people_person person ON person.id = dose.person_id
WHERE dose.facility_id = %(facility)s AND dose.injected_at >= %(since)s AND dose.visit_id IS NOT NULL
ORDER BY dose.injected_at DESC, dose.id DESC
LIMIT 1;

-- quarantined --
-- What a facility's devices sent and no site event has taken since: the first to come first.
SELECT quarantined.id, quarantined.kind, quarantined.made_at, quarantined.received_at,
       quarantined.reason ->> 'vi' AS vi, quarantined.reason ->> 'en' AS en
FROM visits_quarantinedevent quarantined
WHERE quarantined.facility_id = %(facility)s
  AND NOT EXISTS (SELECT FROM visits_siteevent taken WHERE taken.id = quarantined.event_id)
ORDER BY quarantined.received_at, quarantined.id
LIMIT %(most)s;

-- count_quarantined --
-- How many of them there are.
SELECT count(*) AS waiting
FROM visits_quarantinedevent quarantined
WHERE quarantined.facility_id = %(facility)s
  AND NOT EXISTS (SELECT FROM visits_siteevent taken WHERE taken.id = quarantined.event_id);

-- known_at prepared --
-- Which of these persons, by any record of theirs, a facility knows otherwise than by a check-in that names an id: their
-- code or number was read there, they were invited there, or an account of the facility stated them.
WITH asked AS MATERIALIZED (
    SELECT asked.id, coalesce(merged.kept_id, asked.id) AS kept_id FROM unnest((SELECT %(persons)s::uuid[])) AS asked (id)
    LEFT JOIN people_mergedperson merged ON merged.person_id = asked.id
), member AS MATERIALIZED (
    SELECT id AS asked_id, kept_id AS person_id FROM asked
    UNION ALL
    SELECT asked.id, merged.person_id FROM asked JOIN people_mergedperson merged ON merged.kept_id = asked.kept_id
)
SELECT DISTINCT member.asked_id AS person_id
FROM member
WHERE EXISTS (SELECT FROM ground_readentry look
              WHERE look.person_id = member.person_id AND look.facility_id = %(facility)s AND look.reason = %(read)s)
   OR EXISTS (SELECT FROM campaigns_invitation invitation
              WHERE invitation.person_id = member.person_id AND invitation.facility_id = %(facility)s)
   OR EXISTS (SELECT FROM people_personstatement statement
              JOIN accounts_account account ON account.id = statement.by
              WHERE statement.person_id = member.person_id AND account.facility_id = %(facility)s);
