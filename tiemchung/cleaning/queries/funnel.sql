-- take_turns --
-- Of all who count the nation one counts at a time.
SELECT pg_advisory_xact_lock(hashtextextended('cleaning:count', 0));

-- funnel --
-- The Ministry's table by province within reach, counted now: records sent, with a number, of the wrong form, right, wrong
-- (or of no known number), unchecked. A foreigner is not sent. A person of no known residence has no province. Merged
-- records count once.
SELECT district.parent_id AS province, count(*) AS sent,
       count(*) FILTER (WHERE identity.state <> 'not_sent' AND NOT malformed) AS with_number,
       count(*) FILTER (WHERE malformed) AS malformed,
       count(*) FILTER (WHERE identity.state = 'right') AS right,
       count(*) FILTER (WHERE identity.state IN ('wrong', 'unknown') AND NOT malformed) AS wrong,
       count(*) FILTER (WHERE identity.state = 'unchecked') AS unchecked
FROM people_person person
JOIN identity_current identity ON identity.person_id = person.id
CROSS JOIN LATERAL (SELECT identity.state = 'unknown'
                           AND EXISTS (SELECT FROM cleaning_cleaningtask task
                                       WHERE task.person_id = person.id AND task.closed_at IS NULL
                                         AND task.field = 'number' AND task.kind = ANY(%(of_form)s::text[])) AS malformed) form
LEFT JOIN places_area commune ON commune.code = person.residence_id
LEFT JOIN places_area district ON district.code = commune.parent_id
WHERE person.nationality = 'VN'
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = person.id)
  AND (%(communes)s::text[] IS NULL OR person.residence_id = ANY(%(communes)s::text[])
       OR EXISTS (SELECT FROM doses_dose dose WHERE dose.person_id = person.id AND dose.facility_id = ANY(%(facilities)s::uuid[])))
GROUP BY district.parent_id
ORDER BY sent DESC;

-- count_funnel --
-- The same for each commune of the nation, kept.
INSERT INTO cleaning_funnelcount (commune_id, province_id, sent, with_number, malformed, "right", wrong, unchecked, taken_at)
SELECT person.residence_id, district.parent_id, count(*),
       count(*) FILTER (WHERE identity.state <> 'not_sent' AND NOT malformed),
       count(*) FILTER (WHERE malformed),
       count(*) FILTER (WHERE identity.state = 'right'),
       count(*) FILTER (WHERE identity.state IN ('wrong', 'unknown') AND NOT malformed),
       count(*) FILTER (WHERE identity.state = 'unchecked'),
       %(now)s
FROM people_person person
JOIN identity_current identity ON identity.person_id = person.id
CROSS JOIN LATERAL (SELECT identity.state = 'unknown'
                           AND EXISTS (SELECT FROM cleaning_cleaningtask task
                                       WHERE task.person_id = person.id AND task.closed_at IS NULL
                                         AND task.field = 'number' AND task.kind = ANY(%(of_form)s::text[])) AS malformed) form
LEFT JOIN places_area commune ON commune.code = person.residence_id
LEFT JOIN places_area district ON district.code = commune.parent_id
WHERE person.nationality = 'VN'
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = person.id)
GROUP BY person.residence_id, district.parent_id;

-- funnel_counted --
-- The table by province within reach of areas, from what was counted last.
SELECT counted.province_id AS province, sum(counted.sent)::bigint AS sent, sum(counted.with_number)::bigint AS with_number,
       sum(counted.malformed)::bigint AS malformed, sum(counted.right)::bigint AS right, sum(counted.wrong)::bigint AS wrong,
       sum(counted.unchecked)::bigint AS unchecked
FROM cleaning_funnelcount counted
WHERE %(communes)s::text[] IS NULL OR counted.commune_id = ANY(%(communes)s::text[])
GROUP BY counted.province_id
ORDER BY sum(counted.sent) DESC;

-- count_tasks --
-- Tasks of each cause by commune, facility and province of residence, kept: open, the oldest of these, cured and come since
-- %(week)s.
INSERT INTO cleaning_taskcount (commune_id, facility_id, province_id, field, kind, open, oldest, cured, came, taken_at)
SELECT task.commune_id, task.facility_id, district.parent_id, task.field, task.kind, count(*) FILTER (WHERE task.closed_at IS NULL),
       min(task.opened_at) FILTER (WHERE task.closed_at IS NULL),
       count(*) FILTER (WHERE task.closed_at >= %(week)s), count(*) FILTER (WHERE task.opened_at >= %(week)s), %(now)s
FROM cleaning_cleaningtask task
JOIN people_person person ON person.id = task.person_id
LEFT JOIN places_area home ON home.code = person.residence_id
LEFT JOIN places_area district ON district.code = home.parent_id
WHERE task.closed_at IS NULL OR task.closed_at >= %(week)s
GROUP BY task.commune_id, task.facility_id, district.parent_id, task.field, task.kind;

-- kinds --
-- Open tasks within reach by province of residence, field and kind, counted now.
SELECT district.parent_id AS province, task.field, task.kind, count(*) AS tasks
FROM cleaning_cleaningtask task
JOIN people_person person ON person.id = task.person_id
LEFT JOIN places_area home ON home.code = person.residence_id
LEFT JOIN places_area district ON district.code = home.parent_id
WHERE task.closed_at IS NULL
  AND (%(communes)s::text[] IS NULL OR task.commune_id = ANY(%(communes)s::text[])
       OR task.facility_id = ANY(%(facilities)s::uuid[]))
GROUP BY district.parent_id, task.field, task.kind
ORDER BY tasks DESC, task.field, task.kind, province;

-- kinds_counted --
-- The same, from what was counted last.
SELECT counted.province_id AS province, counted.field, counted.kind, sum(counted.open)::bigint AS tasks
FROM cleaning_taskcount counted
WHERE counted.open > 0
  AND (%(communes)s::text[] IS NULL OR counted.commune_id = ANY(%(communes)s::text[]))
GROUP BY counted.province_id, counted.field, counted.kind
ORDER BY tasks DESC, counted.field, counted.kind, province;

-- people --
-- Persons within reach who stand in one of some states, one page after a person; of a province, of no known residence, or
-- of anywhere; with a number of the wrong form or without (NULL: either).
SELECT person.id, person.full_name, person.birth_date, person.address, commune.name AS commune, identity.state
FROM people_person person
JOIN identity_current identity ON identity.person_id = person.id
LEFT JOIN places_area commune ON commune.code = person.residence_id
LEFT JOIN places_area district ON district.code = commune.parent_id
WHERE person.nationality = 'VN' AND person.id > %(after)s AND identity.state = ANY(%(states)s)
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = person.id)
  AND (%(malformed)s::boolean IS NULL
       OR %(malformed)s::boolean = (identity.state = 'unknown'
                                    AND EXISTS (SELECT FROM cleaning_cleaningtask task
                                                WHERE task.person_id = person.id AND task.closed_at IS NULL
                                                  AND task.field = 'number' AND task.kind = ANY(%(of_form)s::text[]))))
  AND (%(province)s::text IS NULL OR district.parent_id = %(province)s::text)
  AND (NOT %(nowhere)s::boolean OR district.parent_id IS NULL)
  AND (%(communes)s::text[] IS NULL OR person.residence_id = ANY(%(communes)s::text[])
       OR EXISTS (SELECT FROM doses_dose dose WHERE dose.person_id = person.id AND dose.facility_id = ANY(%(facilities)s::uuid[])))
ORDER BY person.id
LIMIT %(limit)s;

-- days --
-- The funnel day by day, over the provinces within reach.
SELECT taken.on, sum(taken.sent) AS sent, sum(taken.with_number) AS with_number, sum(taken.right) AS right,
       sum(taken.wrong) AS wrong, sum(taken.unchecked) AS unchecked, sum(taken.malformed) AS malformed
FROM cleaning_funnelday taken
WHERE %(provinces)s::text[] IS NULL OR taken.province_id = ANY(%(provinces)s::text[])
GROUP BY taken.on
ORDER BY taken.on DESC
LIMIT %(limit)s;
