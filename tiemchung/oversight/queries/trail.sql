-- trail --
-- What one account did, looked at and looked for, or what was done with one person, or all of a time: the latest first.
-- `before` and `before_key` name the last row of the page before.
SELECT page.*, account.username, account.role, coalesce(facility.name, area.name, '') AS office
FROM (
    (SELECT 'a' || lpad(log.id::text, 19, '0') AS key, log.at, 'act' AS kind, log.act AS what, log.by, log.person_id,
            log.subject, log.page, log.client, log.network, log.detail::text AS detail
     FROM ground_auditentry log
     WHERE (%(person)s::uuid IS NULL OR log.person_id = %(person)s) AND (%(account)s::uuid IS NULL OR log.by = %(account)s)
       AND log.at >= %(since)s AND log.at <= %(before)s
       AND (log.at, 'a' || lpad(log.id::text, 19, '0')) < (%(before)s, %(before_key)s)
     ORDER BY log.at DESC, log.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT 'r' || log.id::text, log.at, 'read', log.reason, log.by, log.person_id, NULL, log.page, log.client,
            log.network, ''
     FROM ground_readentry log
     WHERE (%(person)s::uuid IS NULL OR log.person_id = %(person)s) AND (%(account)s::uuid IS NULL OR log.by = %(account)s)
       AND log.at >= %(since)s AND log.at <= %(before)s
       AND (log.at, 'r' || log.id::text) < (%(before)s, %(before_key)s)
     ORDER BY log.at DESC, log.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT 'n' || log.id::text, log.at, 'lookup', CASE WHEN log.found THEN 'found' ELSE 'nobody' END, log.by, NULL,
            NULL, log.page, log.client, log.network, ''
     FROM ground_numberlookup log
     WHERE %(person)s::uuid IS NULL AND (%(account)s::uuid IS NULL OR log.by = %(account)s)
       AND log.at >= %(since)s AND log.at <= %(before)s
       AND (log.at, 'n' || log.id::text) < (%(before)s, %(before_key)s)
     ORDER BY log.at DESC, log.id DESC LIMIT %(limit)s)
    ORDER BY at DESC, key DESC LIMIT %(limit)s
) page
LEFT JOIN accounts_account account ON account.id = page.by
LEFT JOIN places_facility facility ON facility.id = account.facility_id
LEFT JOIN places_area area ON area.code = account.area_id
ORDER BY page.at DESC, page.key DESC;

-- readers --
-- Who looked at the records of these persons, but for one account: with role and office, and the checks of the population side.
SELECT * FROM (
    (SELECT log.person_id, log.at, log.reason, account.role,
            coalesce(site.name, facility.name, area.name, '') AS office
     FROM ground_readentry log
     LEFT JOIN accounts_account account ON account.id = log.by
     LEFT JOIN places_facility site ON site.id = log.facility_id
     LEFT JOIN places_facility facility ON facility.id = account.facility_id
     LEFT JOIN places_area area ON area.code = account.area_id
     WHERE log.person_id = ANY(%(persons)s) AND log.by IS DISTINCT FROM %(account)s
     ORDER BY log.at DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT asked.person_id, asked.asked_at, 'population_check', 'population', ''
     FROM identity_populationcheck asked
     WHERE asked.person_id = ANY(%(persons)s)
     ORDER BY asked.asked_at DESC LIMIT %(limit)s)
) reading
ORDER BY at DESC LIMIT %(limit)s;
