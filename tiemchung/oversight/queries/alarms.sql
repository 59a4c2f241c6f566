-- people --
-- Accounts that opened the records of more persons than their role may within a time.
SELECT log.by AS account_id, '' AS network, count(DISTINCT log.person_id) AS counted, own.more_than
FROM ground_readentry log
JOIN accounts_account account ON account.id = log.by
CROSS JOIN LATERAL (SELECT coalesce((%(limits)s::jsonb ->> account.role)::int, (%(limits)s::jsonb ->> 'default')::int)
                    AS more_than) own
WHERE log.at > %(since)s AND log.at <= %(until)s
GROUP BY log.by, own.more_than
HAVING count(DISTINCT log.person_id) > own.more_than;

-- idle_people --
-- The same of persons with whom the account did nothing within a day of the look.
SELECT log.by AS account_id, '' AS network, count(DISTINCT log.person_id) AS counted, own.more_than
FROM ground_readentry log
JOIN accounts_account account ON account.id = log.by
CROSS JOIN LATERAL (SELECT coalesce((%(limits)s::jsonb ->> account.role)::int, (%(limits)s::jsonb ->> 'default')::int)
                    AS more_than) own
WHERE log.at > %(since)s AND log.at <= %(until)s
  AND NOT EXISTS (SELECT FROM ground_auditentry act
                  WHERE act.person_id = log.person_id AND act.by = log.by
                    AND act.at BETWEEN log.at - interval '1 day' AND log.at + interval '1 day')
GROUP BY log.by, own.more_than
HAVING count(DISTINCT log.person_id) > own.more_than;

-- people_at_night --
-- Accounts that opened more records than their role may, between ten in the evening and five in the morning.
SELECT log.by AS account_id, '' AS network, count(DISTINCT log.person_id) AS counted, own.more_than
FROM ground_readentry log
JOIN accounts_account account ON account.id = log.by AND account.role <> 'citizen'
CROSS JOIN LATERAL (SELECT coalesce((%(limits)s::jsonb ->> account.role)::int, (%(limits)s::jsonb ->> 'default')::int)
                    AS more_than) own
WHERE log.at > %(since)s AND log.at <= %(until)s
  AND extract(hour FROM log.at AT TIME ZONE 'Asia/Ho_Chi_Minh') IN (22, 23, 0, 1, 2, 3, 4)
GROUP BY log.by, own.more_than
HAVING count(DISTINCT log.person_id) > own.more_than;

-- near_numbers --
-- Accounts that looked up more numbers of one hundred than their role may; the fullest hundred counts.
SELECT block.by AS account_id, '' AS network, max(block.numbers) AS counted, own.more_than
FROM (SELECT log.by, count(DISTINCT log.number) AS numbers FROM ground_numberlookup log
      WHERE log.at > %(since)s AND log.at <= %(until)s GROUP BY log.by, log.block) block
JOIN accounts_account account ON account.id = block.by
CROSS JOIN LATERAL (SELECT coalesce((%(limits)s::jsonb ->> account.role)::int, (%(limits)s::jsonb ->> 'default')::int)
                    AS more_than) own
GROUP BY block.by, own.more_than
HAVING max(block.numbers) > own.more_than;

-- lookups_in_vain --
-- Accounts that looked up more numbers that nobody has than their role may.
SELECT log.by AS account_id, '' AS network, count(DISTINCT log.number) AS counted, own.more_than
FROM ground_numberlookup log
JOIN accounts_account account ON account.id = log.by
CROSS JOIN LATERAL (SELECT coalesce((%(limits)s::jsonb ->> account.role)::int, (%(limits)s::jsonb ->> 'default')::int)
                    AS more_than) own
WHERE log.at > %(since)s AND log.at <= %(until)s AND NOT log.found
GROUP BY log.by, own.more_than
HAVING count(DISTINCT log.number) > own.more_than;

-- refused --
-- Accounts that were refused more pages than their role may be.
SELECT log.by AS account_id, '' AS network, count(*) AS counted, own.more_than
FROM ground_auditentry log
JOIN accounts_account account ON account.id = log.by
CROSS JOIN LATERAL (SELECT coalesce((%(limits)s::jsonb ->> account.role)::int, (%(limits)s::jsonb ->> 'default')::int)
                    AS more_than) own
WHERE log.act = 'access.refused' AND log.at > %(since)s AND log.at <= %(until)s
GROUP BY log.by, own.more_than
HAVING count(*) > own.more_than;

-- people_by_network --
-- Networks from which more records were opened than from any site.
SELECT NULL::uuid AS account_id, log.network, count(DISTINCT log.person_id) AS counted,
       (%(limits)s::jsonb ->> 'default')::int AS more_than
FROM ground_readentry log
WHERE log.at > %(since)s AND log.at <= %(until)s AND log.network <> ''
GROUP BY log.network
HAVING count(DISTINCT log.person_id) > (%(limits)s::jsonb ->> 'default')::int;

-- open --
-- How many alarms nobody has looked at.
SELECT count(*) AS alarms FROM oversight_alarm alarm
WHERE NOT EXISTS (SELECT FROM oversight_alarmfinding found WHERE found.alarm_id = alarm.id);

-- take_turns_raising --
-- Wait until no other worker raises alarms, to the end of the transaction: two would each raise the same.
SELECT pg_advisory_xact_lock(hashtextextended('oversight.alarms', 0));

-- heard --
-- Of the alarms of today and yesterday, by rule and whom they are about: whether one of today waits, and the last look.
SELECT alarm.rule, alarm.who, bool_or(alarm.on = %(today)s AND looked.at IS NULL) AS waits, max(looked.at) AS looked_at
FROM oversight_alarm alarm
LEFT JOIN LATERAL (SELECT max(found.at) AS at FROM oversight_alarmfinding found WHERE found.alarm_id = alarm.id) looked
    ON true
WHERE alarm.raised_at > %(now)s - interval '2 days' AND alarm.on >= %(today)s::date - 1
GROUP BY alarm.rule, alarm.who;
