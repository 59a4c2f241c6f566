-- notice_turn --
-- Of all who take up one notice at a moment, one acts on it and the others then find it done.
SELECT pg_advisory_xact_lock(hashtextextended('cleaning:notice:' || %(id)s::text, 0));

-- to_send --
-- Requests of open tasks that the population side has neither taken nor refused, as they go out; the commune is the
-- task's, and a task of none waits.
SELECT request.id, request.field, task.commune_id AS commune, person.id AS person_id, person.full_name, person.birth_date,
       person.birth_precision, person.sex, person.address, number.value AS number
FROM cleaning_confirmationrequest request
JOIN cleaning_cleaningtask task ON task.id = request.task_id AND task.closed_at IS NULL
JOIN people_person person ON person.id = request.person_id
LEFT JOIN LATERAL (SELECT held.value FROM people_identitynumber held
                   WHERE held.person_id = person.id AND held.withdrawn_at IS NULL
                     AND held.kind IN ('cccd', 'cmnd', 'ma_dinh_danh')
                   ORDER BY held.kind = 'cmnd', held.stated_at DESC LIMIT 1) number ON true
WHERE request.taken_at IS NULL AND request.fault = '' AND task.commune_id IS NOT NULL
ORDER BY request.id
LIMIT %(limit)s;

-- to_withdraw --
-- Requests that the population side has taken and not decided although their task is closed.
SELECT request.id
FROM cleaning_confirmationrequest request
JOIN cleaning_cleaningtask task ON task.id = request.task_id AND task.closed_at IS NOT NULL
WHERE request.taken_at IS NOT NULL AND request.withdrawn_at IS NULL
  AND NOT EXISTS (SELECT FROM cleaning_policenotice notice WHERE notice.request_id = request.id)
ORDER BY request.id
LIMIT %(limit)s;
