-- causes --
-- Why each of the given persons is not right now: one row a cause, with the commune and the facility that answer for it.
-- An unchecked person has no known cause. A foreigner is not sent, so he needs no number. A merged record has none of its
-- own: the one that speaks for it has them, with the numbers of all, his own first.
SELECT person.id AS person_id, cause.field, cause.kind, number.value AS number, person.birth_date, person.birth_precision,
       coalesce(person.residence_id, facility.area_id) AS commune_id, facility.id AS facility_id
FROM people_person person
JOIN identity_current identity ON identity.person_id = person.id
CROSS JOIN LATERAL (
    SELECT field.key AS field, field.value AS kind FROM jsonb_each_text(identity.fields) field
    WHERE identity.state = 'wrong' AND NOT field.value = ANY(%(harmless)s)
    UNION ALL SELECT 'number', 'unknown' WHERE identity.state = 'unknown'
    UNION ALL SELECT 'number', 'missing' WHERE identity.state = 'not_sent' AND person.nationality = 'VN') cause
LEFT JOIN LATERAL (SELECT held.value FROM people_identitynumber held
                   WHERE held.person_id = ANY (person.id || ARRAY(SELECT merged.person_id FROM people_mergedperson merged
                                                                  WHERE merged.kept_id = person.id))
                     AND held.withdrawn_at IS NULL AND held.kind IN ('cccd', 'cmnd', 'ma_dinh_danh')
                   ORDER BY held.person_id <> person.id, held.kind = 'cmnd', held.stated_at DESC LIMIT 1) number
    ON cause.kind = 'unknown'
LEFT JOIN LATERAL (SELECT stated.facility_id FROM people_personstatement said
                   JOIN accounts_account stated ON stated.id = said.by AND stated.facility_id IS NOT NULL
                   WHERE said.person_id = person.id ORDER BY said.id DESC LIMIT 1) typed ON true
LEFT JOIN LATERAL (SELECT dose.facility_id FROM doses_dose dose
                   WHERE dose.person_id = person.id AND dose.facility_id IS NOT NULL
                   ORDER BY dose.injected_at DESC LIMIT 1) vaccinated ON true
LEFT JOIN places_facility facility ON facility.id = coalesce(typed.facility_id, vaccinated.facility_id)
WHERE person.id = ANY(%(persons)s)
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = person.id);

-- close_cured --
-- Close the open tasks of the given persons whose cause was not found; who is unchecked keeps his, but not a merged one.
UPDATE cleaning_cleaningtask task
SET closed_at = %(now)s
FROM identity_current identity
WHERE task.person_id = ANY(%(persons)s) AND task.closed_at IS NULL
  AND identity.person_id = task.person_id
  AND (identity.state <> 'unchecked'
       OR EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = task.person_id))
  AND NOT EXISTS (SELECT FROM unnest(%(cause_persons)s::uuid[], %(cause_fields)s::text[], %(cause_kinds)s::text[])
                             AS found(person_id, field, kind)
                  WHERE found.person_id = task.person_id AND found.field = task.field AND found.kind = task.kind);

-- open_found --
-- Open a task for each cause that was found and has none.
INSERT INTO cleaning_cleaningtask (id, person_id, field, kind, commune_id, facility_id, opened_at)
SELECT found.*, %(now)s
FROM unnest(%(ids)s::uuid[], %(cause_persons)s::uuid[], %(cause_fields)s::text[], %(cause_kinds)s::text[],
            %(communes)s::text[], %(facilities)s::uuid[]) AS found
ON CONFLICT DO NOTHING;

-- move --
-- The open tasks of the given persons go with them when they move to another commune.
UPDATE cleaning_cleaningtask task
SET commune_id = person.residence_id
FROM people_person person
WHERE task.person_id = ANY(%(persons)s) AND task.closed_at IS NULL AND person.id = task.person_id
  AND person.residence_id IS NOT NULL AND task.commune_id IS DISTINCT FROM person.residence_id;

-- to_settle --
-- Persons about whom an answer came, who stated something, or whose records were merged or parted, since a moment: their
-- tasks may have to open or close.
SELECT person_id FROM (
    SELECT asked.person_id FROM identity_populationcheck asked WHERE asked.answered_at >= %(since)s
    UNION SELECT said.person_id FROM people_personstatement said WHERE said.at >= %(since)s
    UNION SELECT unnest(ARRAY[merge.kept_id, merge.merged_id]) FROM people_merge merge
          WHERE merge.at >= %(since)s OR merge.undone_at >= %(since)s) touched
WHERE person_id > %(after)s
ORDER BY person_id
LIMIT %(limit)s;

-- page --
-- Open tasks within reach, one page after a task, by commune, then hamlet as the address has it: for lists and print.
-- %(state)s, %(field)s, %(kind)s, %(facility)s and %(province)s, that of residence, bound nothing where they are NULL;
-- %(nowhere)s asks for whose residence is not known.
SELECT task.id, task.person_id, task.field, task.kind, task.state, task.opened_at, task.commune_id, commune.name AS commune,
       facility.name AS facility, person.full_name, person.birth_date, person.birth_precision, person.sex, person.address,
       coalesce(substring(person.address FROM '(?i)(?:tổ|thôn|ấp|bản|khu phố|khu vực|khóm|làng|buôn|xóm|sóc)\s+[^,;]+'), '')
           AS hamlet
FROM cleaning_current task
JOIN people_person person ON person.id = task.person_id
LEFT JOIN places_area commune ON commune.code = task.commune_id
LEFT JOIN places_facility facility ON facility.id = task.facility_id
LEFT JOIN places_area home ON home.code = person.residence_id
LEFT JOIN places_area district ON district.code = home.parent_id
WHERE task.state <> 'cured' AND task.id > %(after)s
  AND (%(communes)s::text[] IS NULL OR task.commune_id = ANY(%(communes)s::text[])
       OR task.facility_id = ANY(%(facilities)s::uuid[]))
  AND (%(state)s::text[] IS NULL OR task.state = ANY(%(state)s::text[]))
  AND (%(field)s::text IS NULL OR task.field = %(field)s::text)
  AND (%(kind)s::text IS NULL OR task.kind = %(kind)s::text)
  AND (%(facility)s::uuid IS NULL OR task.facility_id = %(facility)s::uuid)
  AND (%(province)s::text IS NULL OR district.parent_id = %(province)s::text)
  AND (NOT %(nowhere)s::boolean OR district.parent_id IS NULL)
ORDER BY task.id
LIMIT %(limit)s;

-- parts --
-- Open tasks within reach in some states, by id, in parts of %(size)s, a hundred at most: the first of each and how many.
SELECT part, (array_agg(id ORDER BY id))[1] AS first, count(*) AS tasks
FROM (SELECT task.id, (row_number() OVER (ORDER BY task.id) - 1) / %(size)s + 1 AS part
      FROM cleaning_current task
      WHERE task.state = ANY(%(states)s::text[])
        AND (%(communes)s::text[] IS NULL OR task.commune_id = ANY(%(communes)s::text[])
             OR task.facility_id = ANY(%(facilities)s::uuid[]))
      ORDER BY task.id
      LIMIT 100 * %(size)s) numbered
GROUP BY part
ORDER BY part;

-- counts --
-- Open tasks within reach by state; %(field)s, %(kind)s, %(province)s and %(nowhere)s as of the page, whose head they are.
SELECT task.state, count(*) AS tasks
FROM cleaning_current task
WHERE task.state <> 'cured'
  AND (%(communes)s::text[] IS NULL OR task.commune_id = ANY(%(communes)s::text[])
       OR task.facility_id = ANY(%(facilities)s::uuid[]))
  AND (%(field)s::text IS NULL OR task.field = %(field)s::text)
  AND (%(kind)s::text IS NULL OR task.kind = %(kind)s::text)
  AND (%(province)s::text IS NULL AND NOT %(nowhere)s::boolean
       OR EXISTS (SELECT FROM people_person person
                  LEFT JOIN places_area home ON home.code = person.residence_id
                  LEFT JOIN places_area district ON district.code = home.parent_id
                  WHERE person.id = task.person_id
                    AND (CASE WHEN %(nowhere)s::boolean THEN district.parent_id IS NULL
                              ELSE district.parent_id = %(province)s::text END)))
GROUP BY task.state;

-- standing --
-- Some tasks with their state, locked against another step at the same moment.
SELECT task.id, task.person_id, task.field, task.kind, task.commune_id, task.facility_id, current.state
FROM cleaning_cleaningtask task
JOIN cleaning_current current ON current.id = task.id
WHERE task.id = ANY(%(tasks)s)
ORDER BY task.id
FOR UPDATE OF task;

-- one --
-- One task with its state, cured or not.
SELECT task.id, task.person_id, task.field, task.kind, task.commune_id, task.facility_id, task.state, task.opened_at
FROM cleaning_current task
WHERE task.id = %(task)s;

-- groups --
-- Open tasks of one cause at one facility, where there are several: what one slip of a site's habit made of many.
SELECT task.facility_id, facility.name AS facility, task.field, task.kind, count(*) AS tasks, min(task.opened_at) AS oldest
FROM cleaning_current task
JOIN places_facility facility ON facility.id = task.facility_id
WHERE task.state IN ('at_station', 'returned', 'with_site')
  AND (%(communes)s::text[] IS NULL OR task.commune_id = ANY(%(communes)s::text[])
       OR task.facility_id = ANY(%(facilities)s::uuid[]))
GROUP BY task.facility_id, facility.name, task.field, task.kind
HAVING count(*) >= %(several)s
ORDER BY tasks DESC, facility.name, task.field, task.kind
LIMIT 100;

-- league --
-- Communes, districts or provinces within reach (the first %(digits)s digits name them), by open tasks: how many, the
-- oldest, cured within a week, and how many came within it.
SELECT area.code, area.name, count(*) FILTER (WHERE task.closed_at IS NULL) AS open,
       min(task.opened_at) FILTER (WHERE task.closed_at IS NULL) AS oldest,
       count(*) FILTER (WHERE task.closed_at >= %(week)s) AS cured,
       count(*) FILTER (WHERE task.opened_at >= %(week)s) AS came
FROM cleaning_cleaningtask task
JOIN places_area commune ON commune.code = task.commune_id
JOIN places_area district ON district.code = commune.parent_id
JOIN places_area area ON area.code = CASE %(digits)s WHEN 5 THEN commune.code WHEN 3 THEN district.code
                                                     ELSE district.parent_id END
WHERE (task.closed_at IS NULL OR task.closed_at >= %(week)s)
  AND (%(communes)s::text[] IS NULL OR task.commune_id = ANY(%(communes)s::text[])
       OR task.facility_id = ANY(%(facilities)s::uuid[]))
GROUP BY area.code, area.name
ORDER BY open DESC, area.code
LIMIT 200;

-- league_counted --
-- As `league`, from what was counted last.
SELECT area.code, area.name, sum(counted.open)::bigint AS open, min(counted.oldest) AS oldest,
       sum(counted.cured)::bigint AS cured, sum(counted.came)::bigint AS came
FROM cleaning_taskcount counted
JOIN places_area commune ON commune.code = counted.commune_id
JOIN places_area district ON district.code = commune.parent_id
JOIN places_area area ON area.code = CASE %(digits)s WHEN 5 THEN commune.code WHEN 3 THEN district.code
                                                     ELSE district.parent_id END
WHERE %(communes)s::text[] IS NULL OR counted.commune_id = ANY(%(communes)s::text[])
GROUP BY area.code, area.name
ORDER BY open DESC, area.code
LIMIT 200;

-- league_of_sites_counted --
-- As `league_of_sites`, from what was counted last.
SELECT facility.code, facility.name, sum(counted.open)::bigint AS open, min(counted.oldest) AS oldest,
       sum(counted.cured)::bigint AS cured, sum(counted.came)::bigint AS came
FROM cleaning_taskcount counted
JOIN places_facility facility ON facility.id = counted.facility_id
WHERE %(communes)s::text[] IS NULL OR counted.commune_id = ANY(%(communes)s::text[])
GROUP BY facility.code, facility.name
ORDER BY open DESC, facility.code
LIMIT 200;

-- league_of_sites --
-- Facilities within reach by open tasks, as `league`.
SELECT facility.code, facility.name, count(*) FILTER (WHERE task.closed_at IS NULL) AS open,
       min(task.opened_at) FILTER (WHERE task.closed_at IS NULL) AS oldest,
       count(*) FILTER (WHERE task.closed_at >= %(week)s) AS cured,
       count(*) FILTER (WHERE task.opened_at >= %(week)s) AS came
FROM cleaning_cleaningtask task
JOIN places_facility facility ON facility.id = task.facility_id
WHERE (task.closed_at IS NULL OR task.closed_at >= %(week)s)
  AND (%(communes)s::text[] IS NULL OR task.commune_id = ANY(%(communes)s::text[])
       OR task.facility_id = ANY(%(facilities)s::uuid[]))
GROUP BY facility.code, facility.name
ORDER BY open DESC, facility.code
LIMIT 200;
