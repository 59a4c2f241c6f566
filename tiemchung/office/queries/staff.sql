-- open_work --
-- What an account has begun and nobody has ended: people whom it checked in today and who are still there, and what it
-- sent from a device and waits to be taken in.
SELECT 'visits' AS kind, count(*) AS count
FROM visits_visit visit
WHERE visit.facility_id = %(facility)s AND visit.checked_in_by = %(account)s AND visit.checked_in_at >= %(since)s
  AND NOT EXISTS (SELECT FROM visits_observation observation WHERE observation.visit_id = visit.id)
  AND NOT EXISTS (
      SELECT FROM visits_screening screening
      WHERE screening.visit_id = visit.id AND screening.outcome IN ('postponed', 'contraindicated')
  )
UNION ALL
SELECT 'quarantine', count(*)
FROM visits_quarantinedevent waiting
WHERE waiting.facility_id = %(facility)s AND waiting.received_from = %(account)s
  AND NOT EXISTS (
      SELECT FROM visits_siteevent taken WHERE taken.facility_id = waiting.facility_id AND taken.id = waiting.event_id
  );
