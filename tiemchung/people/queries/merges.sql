-- members prepared --
-- All records of the humans whom the given ids name: asked, kept, and one row for each record.
SELECT asked_id, kept_id, person_id FROM people_members(%(persons)s::uuid[]) ORDER BY asked_id, person_id <> kept_id, person_id;

-- kept_at --
-- For each of the given records: which one spoke for it at a moment, by the merges that stood then; followed to the end.
WITH RECURSIVE up (person_id, kept_id, depth) AS (
    SELECT wanted.id, wanted.id, 0 FROM unnest(%(persons)s::uuid[]) AS wanted (id)
    UNION ALL
    SELECT up.person_id, merge.kept_id, up.depth + 1
    FROM up
    JOIN people_merge merge ON merge.merged_id = up.kept_id AND merge.at <= %(moment)s::timestamptz
                           AND (merge.undone_at IS NULL OR merge.undone_at > %(moment)s::timestamptz)
)
SELECT DISTINCT ON (person_id) person_id, kept_id FROM up ORDER BY person_id, depth DESC;

-- relatives --
-- Every record that any merge, standing or undone, ever tied to the given one, itself among them.
WITH RECURSIVE tied (id) AS (
    SELECT %(person)s::uuid
    UNION
    SELECT CASE WHEN merge.kept_id = tied.id THEN merge.merged_id ELSE merge.kept_id END
    FROM tied JOIN people_merge merge ON tied.id IN (merge.kept_id, merge.merged_id)
)
SELECT id FROM tied ORDER BY id;

-- forget --
-- Take out what was said of these records; `write_down` says it anew.
DELETE FROM people_mergedperson WHERE person_id = ANY(%(persons)s::uuid[]);

-- write_down --
-- Which record speaks for each of the given ones by the merges that stand; who speaks for himself has no row.
WITH RECURSIVE up (person_id, kept_id, depth) AS (
    SELECT wanted.id, wanted.id, 0 FROM unnest(%(persons)s::uuid[]) AS wanted (id)
    UNION ALL
    SELECT up.person_id, merge.kept_id, up.depth + 1
    FROM up JOIN people_merge merge ON merge.merged_id = up.kept_id AND merge.undone_at IS NULL
)
INSERT INTO people_mergedperson (person_id, kept_id)
SELECT person_id, kept_id
FROM (SELECT DISTINCT ON (person_id) person_id, kept_id FROM up ORDER BY person_id, depth DESC) followed
WHERE person_id <> kept_id;

-- lock --
-- Recorders of these persons and whoever merges them take turns. Sorted against deadlock.
SELECT person.id FROM people_person person WHERE person.id = ANY(%(persons)s::uuid[]) ORDER BY person.id FOR UPDATE;

-- take_turns --
-- Of all who merge one acts at a time: merges are few, and chains and circles cannot come about.
SELECT pg_advisory_xact_lock(hashtextextended('people:merge', 0));
