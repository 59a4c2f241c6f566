-- next_to_invite --
-- Who of an area comes next for a session: by priority group, then by time of registration, after a given place in
-- that order. Left out: who withdrew, who wants a later day or the other half of the day, who is invited already to
-- this session, or under a registration that still stands to another that has not been held yet; of a human who
-- registered under two records that were merged since, the later registration.
SELECT r.id AS registration_id, r.person_id, r.priority_group, r.registered_at,
       p.full_name, phone.value AS phone
FROM campaigns_registration r
JOIN people_person p ON p.id = r.person_id
JOIN places_area commune ON commune.code = p.residence_id
JOIN places_area district ON district.code = commune.parent_id
CROSS JOIN LATERAL (SELECT ARRAY(SELECT member.person_id FROM people_members(ARRAY[r.person_id]) member) AS ids) records
LEFT JOIN LATERAL (
    SELECT c.value FROM people_contact c
    WHERE c.person_id = r.person_id AND c.kind = 'phone' AND c.withdrawn_at IS NULL
    ORDER BY c.stated_at LIMIT 1
) phone ON true
WHERE r.campaign_id = %(campaign_id)s
  AND r.withdrawn_at IS NULL
  AND %(area)s IN (commune.code, district.code, district.parent_id)
  AND (r.wanted_from IS NULL OR r.wanted_from <= %(day)s)
  AND r.part_of_day IN ('any', %(part)s)
  AND (r.priority_group, r.registered_at, r.id)
      > (%(after_group)s::smallint, %(after_time)s::timestamptz, %(after_id)s::uuid)
  AND NOT EXISTS (
    SELECT FROM campaigns_registration other
    WHERE other.campaign_id = r.campaign_id AND other.withdrawn_at IS NULL AND other.person_id = ANY (records.ids)
      AND (other.registered_at, other.id) < (r.registered_at, r.id))
  AND NOT EXISTS (
    SELECT FROM campaigns_invitation i
    JOIN campaigns_session s ON s.id = i.session_id
    JOIN campaigns_registration asked ON asked.id = i.registration_id
    WHERE i.person_id = ANY (records.ids)
      AND (i.session_id = %(session_id)s OR (s."on" >= %(today)s AND asked.withdrawn_at IS NULL)))
ORDER BY r.priority_group, r.registered_at, r.id
LIMIT %(limit)s;
