-- today_for prepared --
-- The province of a facility, and the sessions that it holds on a day, with whether a human is invited to each by any of
-- his records; beside no session when it holds none. The person is the one who speaks for the human.
WITH member AS MATERIALIZED (
    SELECT %(person)s::uuid AS id
    UNION ALL
    SELECT person_id FROM people_mergedperson WHERE kept_id = %(person)s
)
SELECT district.parent_id AS province, session.id, session.facility_id, session.campaign_id, session.on, session.part,
       session.product, session.capacity,
       EXISTS (SELECT FROM member JOIN campaigns_invitation invitation ON invitation.person_id = member.id
               WHERE invitation.session_id = session.id) AS invited
FROM places_facility facility
JOIN places_area commune ON commune.code = facility.area_id
JOIN places_area district ON district.code = commune.parent_id
LEFT JOIN campaigns_session session ON session.facility_id = facility.id AND session.on = %(today)s
WHERE facility.id = %(facility)s
ORDER BY session.part, session.product;
