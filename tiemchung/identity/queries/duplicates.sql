-- areas_of_records --
-- The commune of each given record: of residence, else of the site of the latest injection.
SELECT person.id, coalesce(person.residence_id, (
    SELECT facility.area_id FROM doses_dose dose JOIN places_facility facility ON facility.id = dose.facility_id
    WHERE dose.person_id = person.id ORDER BY dose.injected_at DESC LIMIT 1))
FROM people_person person
WHERE person.id = ANY(%(persons)s::uuid[]);
