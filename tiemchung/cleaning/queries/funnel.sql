-- funnel --
-- The Ministry's table by province within reach: records sent, with a number, right, wrong (or of no known number),
-- unchecked. A foreigner is not sent. A person of no known residence has no province. Merged records count once.
SELECT district.parent_id AS province, count(*) AS sent,
       count(*) FILTER (WHERE identity.state <> 'not_sent') AS with_number,
       count(*) FILTER (WHERE identity.state = 'right') AS right,
       count(*) FILTER (WHERE identity.state IN ('wrong', 'unknown')) AS wrong,
       count(*) FILTER (WHERE identity.state = 'unchecked') AS unchecked
FROM people_person person
JOIN identity_current identity ON identity.person_id = person.id
LEFT JOIN places_area commune ON commune.code = person.residence_id
LEFT JOIN places_area district ON district.code = commune.parent_id
WHERE person.nationality = 'VN'
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = person.id)
  AND (%(communes)s::text[] IS NULL OR person.residence_id = ANY(%(communes)s::text[])
       OR EXISTS (SELECT FROM doses_dose dose WHERE dose.person_id = person.id AND dose.facility_id = ANY(%(facilities)s::uuid[])))
GROUP BY district.parent_id
ORDER BY sent DESC;

-- kinds --
-- Open tasks within reach by field and kind, and by province.
SELECT task.field, task.kind, count(*) AS tasks
FROM cleaning_cleaningtask task
WHERE task.closed_at IS NULL
  AND (%(communes)s::text[] IS NULL OR task.commune_id = ANY(%(communes)s::text[])
       OR task.facility_id = ANY(%(facilities)s::uuid[]))
GROUP BY task.field, task.kind
ORDER BY tasks DESC, task.field, task.kind;

-- people --
-- Persons within reach who stand in one of some states, one page after a person; of a province, of no known residence, or
-- of anywhere.
SELECT person.id, person.full_name, person.birth_date, person.address, commune.name AS commune, identity.state
FROM people_person person
JOIN identity_current identity ON identity.person_id = person.id
LEFT JOIN places_area commune ON commune.code = person.residence_id
LEFT JOIN places_area district ON district.code = commune.parent_id
WHERE person.nationality = 'VN' AND person.id > %(after)s AND identity.state = ANY(%(states)s)
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = person.id)
  AND (%(province)s::text IS NULL OR district.parent_id = %(province)s::text)
  AND (NOT %(nowhere)s::boolean OR district.parent_id IS NULL)
  AND (%(communes)s::text[] IS NULL OR person.residence_id = ANY(%(communes)s::text[])
       OR EXISTS (SELECT FROM doses_dose dose WHERE dose.person_id = person.id AND dose.facility_id = ANY(%(facilities)s::uuid[])))
ORDER BY person.id
LIMIT %(limit)s;

-- days --
-- The funnel day by day, over the provinces within reach.
SELECT taken.on, sum(taken.sent) AS sent, sum(taken.with_number) AS with_number, sum(taken.right) AS right,
       sum(taken.wrong) AS wrong, sum(taken.unchecked) AS unchecked
FROM cleaning_funnelday taken
WHERE %(provinces)s::text[] IS NULL OR taken.province_id = ANY(%(provinces)s::text[])
GROUP BY taken.on
ORDER BY taken.on DESC
LIMIT %(limit)s;
