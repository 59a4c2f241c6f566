-- by_qid prepared --
-- Who speaks for the person whose personal QR carries these eighteen digits.
SELECT kept.id, kept.full_name, kept.name_key, kept.name_tokens, kept.name_sort, kept.birth_date, kept.birth_precision,
       kept.sex, kept.nationality, kept.residence_id, kept.address, kept.qid, kept.created_at
FROM people_person found
LEFT JOIN people_mergedperson merged ON merged.person_id = found.id
JOIN people_person kept ON kept.id = coalesce(merged.kept_id, found.id)
WHERE found.qid = %(qid)s;

-- numbers_of prepared --
-- The numbers that a human has now, on whichever of his records, encrypted; of each kind the one stated last comes last.
WITH spoken_for AS MATERIALIZED (
    SELECT coalesce((SELECT kept_id FROM people_mergedperson WHERE person_id = %(person)s), %(person)s::uuid) AS id
), member AS MATERIALIZED (
    SELECT id FROM spoken_for
    UNION ALL
    SELECT merged.person_id FROM spoken_for JOIN people_mergedperson merged ON merged.kept_id = spoken_for.id
)
SELECT number.kind, number.value
FROM member JOIN people_identitynumber number ON number.person_id = member.id AND number.withdrawn_at IS NULL
ORDER BY number.stated_at;
