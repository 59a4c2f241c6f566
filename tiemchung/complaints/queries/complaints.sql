-- queue --
-- Complaints within reach that wait for an answer, the oldest first, with the last step taken.
SELECT complaint.id, complaint.kind, complaint.sent_at, complaint.person_id, person.full_name, person.birth_date,
       coalesce(facility.name, commune.name) AS asked, last.act AS last_act, last.by AS last_by
FROM complaints_complaint complaint
JOIN people_person person ON person.id = complaint.person_id
LEFT JOIN places_facility facility ON facility.id = complaint.facility_id
LEFT JOIN places_area commune ON commune.code = complaint.area_id
LEFT JOIN LATERAL (SELECT step.act, step.by FROM complaints_complaintstep step
                   WHERE step.complaint_id = complaint.id ORDER BY step.at DESC, step.id DESC LIMIT 1) last ON true
WHERE coalesce(last.act, 'taken') = 'taken'
  AND (%(scope_facilities)s::uuid[] IS NULL OR complaint.facility_id = ANY(%(scope_facilities)s::uuid[])
       OR complaint.area_id = ANY(%(scope_areas)s::text[]))
ORDER BY complaint.sent_at, complaint.id
LIMIT %(limit)s;

-- standing --
-- How many within reach wait, and how many of them are overdue since a moment.
SELECT count(*) AS waiting, count(*) FILTER (WHERE complaint.sent_at < %(overdue_before)s::timestamptz) AS overdue
FROM complaints_complaint complaint
WHERE NOT EXISTS (SELECT FROM complaints_complaintstep step WHERE step.complaint_id = complaint.id AND step.act <> 'taken')
  AND (%(scope_facilities)s::uuid[] IS NULL OR complaint.facility_id = ANY(%(scope_facilities)s::uuid[])
       OR complaint.area_id = ANY(%(scope_areas)s::text[]));

-- overdue_below --
-- Where overdue complaints lie, for those above: the site or commune asked, how many, and since when the oldest waits.
SELECT coalesce(facility.name, commune.name) AS asked, count(*) AS overdue, min(complaint.sent_at) AS oldest
FROM complaints_complaint complaint
LEFT JOIN places_facility facility ON facility.id = complaint.facility_id
LEFT JOIN places_area commune ON commune.code = complaint.area_id
WHERE complaint.sent_at < %(overdue_before)s::timestamptz
  AND NOT EXISTS (SELECT FROM complaints_complaintstep step WHERE step.complaint_id = complaint.id AND step.act <> 'taken')
  AND (%(scope_facilities)s::uuid[] IS NULL OR complaint.facility_id = ANY(%(scope_facilities)s::uuid[])
       OR complaint.area_id = ANY(%(scope_areas)s::text[]))
GROUP BY 1
ORDER BY overdue DESC, 1
LIMIT %(limit)s;

-- take_turns --
-- Two who answer one complaint act one after the other. A row that only grows cannot be locked by who may not change it.
SELECT pg_advisory_xact_lock(hashtextextended('complaint:' || %(complaint)s::text, 0));
