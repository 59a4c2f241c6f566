-- count_provinces --
-- The four figures of every province with a facility, by place of injection. Given sums the tallies that stand, and the
-- doses entered from paper for which no session was held here; recorded counts ledger entries that stand, a possible
-- double once; verified and signed are parts of recorded.
INSERT INTO figures_provincecount (snapshot_id, province_id, given, recorded, verified, signed, behind)
WITH site AS (
    SELECT facility.id AS facility_id, district.parent_id AS province_id
    FROM places_facility facility
    JOIN places_area commune ON commune.code = facility.area_id
    JOIN places_area district ON district.code = commune.parent_id
), tally AS (
    SELECT tally.facility_id, tally.session_id, sum(tally.doses) AS doses
    FROM doses_tally tally
    WHERE NOT EXISTS (SELECT FROM doses_tally later WHERE later.supersedes_id = tally.id)
    GROUP BY tally.facility_id, tally.session_id
), dose AS (
    SELECT dose.facility_id, dose.session_id, identity.state = 'right' AS verified,
           identity.state = 'right' AND attested.dose_id IS NOT NULL AS signed
    FROM doses_standing dose
    JOIN identity_current identity ON identity.person_id = dose.kept_id
    LEFT JOIN passports_attesteddose attested ON attested.dose_id = dose.id
    WHERE NOT dose.possible_double
), recorded AS (
    SELECT facility_id, count(*) AS doses, count(*) FILTER (WHERE verified) AS verified,
           count(*) FILTER (WHERE signed) AS signed
    FROM dose GROUP BY facility_id
), given AS (
    SELECT facility_id, sum(doses) AS doses
    FROM (SELECT facility_id, doses FROM tally
          UNION ALL
          SELECT facility_id, count(*) FROM dose WHERE session_id IS NULL GROUP BY facility_id) counted
    GROUP BY facility_id
), session AS (
    SELECT held.facility_id, count(*) AS behind
    FROM campaigns_session held
    LEFT JOIN tally ON tally.session_id = held.id
    LEFT JOIN (SELECT session_id, count(*) AS doses FROM dose GROUP BY session_id) entered
           ON entered.session_id = held.id
    WHERE held.on <= %(today)s::date AND tally.doses IS DISTINCT FROM coalesce(entered.doses, 0)
    GROUP BY held.facility_id
)
SELECT %(snapshot)s::uuid, site.province_id, coalesce(sum(given.doses), 0), coalesce(sum(recorded.doses), 0),
       coalesce(sum(recorded.verified), 0), coalesce(sum(recorded.signed), 0), coalesce(sum(session.behind), 0)
FROM site
LEFT JOIN given USING (facility_id)
LEFT JOIN recorded USING (facility_id)
LEFT JOIN session USING (facility_id)
GROUP BY site.province_id;

-- count_days --
-- Doses recorded by the day of injection in Viet Nam, since a moment.
INSERT INTO figures_daycount (snapshot_id, "on", recorded)
SELECT %(snapshot)s::uuid, (dose.injected_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, count(*)
FROM doses_standing dose
WHERE NOT dose.possible_double AND dose.injected_at > %(since)s::timestamptz
GROUP BY 2;

-- drop_old --
-- Of earlier hours only the last snapshot of each day is kept.
WITH old AS (
    SELECT old.id FROM figures_snapshot old
    WHERE EXISTS (SELECT FROM figures_snapshot later
                  WHERE later.taken_at > old.taken_at
                    AND (later.taken_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                        = (old.taken_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
                    AND later.taken_at < %(before)s::timestamptz)
), provinces AS (
    DELETE FROM figures_provincecount counted USING old WHERE counted.snapshot_id = old.id
), days AS (
    DELETE FROM figures_daycount counted USING old WHERE counted.snapshot_id = old.id
)
DELETE FROM figures_snapshot USING old WHERE figures_snapshot.id = old.id;

-- newest --
-- Which snapshot is the newest.
SELECT id FROM figures_snapshot ORDER BY taken_at DESC LIMIT 1;

-- provinces --
-- Every province with its figures of a snapshot, zero where it has none, and the newest published figures of it.
SELECT province.code, province.name, province.sort_key,
       coalesce(taken.given, 0) AS given, coalesce(taken.recorded, 0) AS recorded,
       coalesce(taken.verified, 0) AS verified, coalesce(taken.signed, 0) AS signed,
       coalesce(taken.behind, 0) AS behind, published.as_of, published.population_18_plus, published.people_once,
       published.people_twice, published.sites, published.doses AS published_doses
FROM places_area province
LEFT JOIN figures_provincecount taken ON taken.province_id = province.code AND taken.snapshot_id = %(snapshot)s::uuid
LEFT JOIN LATERAL (SELECT * FROM places_provincefigure figure WHERE figure.province_id = province.code
                   ORDER BY figure.as_of DESC LIMIT 1) published ON true
WHERE province.level = 1
ORDER BY province.sort_key;
