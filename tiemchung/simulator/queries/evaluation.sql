-- febrl_agreement --
-- DuckDB. True pairs, pairs with a probability from 0.5, hits among them, automatic ones, wrong ones among these.
WITH truth AS (
    SELECT lefts.rec_id AS l, rights.rec_id AS r
    FROM read_parquet($left) AS lefts
    JOIN read_parquet($right) AS rights ON split_part(lefts.rec_id, '-', 2) = split_part(rights.rec_id, '-', 2)
    WHERE $left <> $right OR lefts.rec_id < rights.rec_id
), said AS (
    SELECT *, split_part(left_id, '-', 2) = split_part(right_id, '-', 2) AS hit FROM read_parquet($pairs)
)
SELECT (SELECT count(*) FROM truth), count(*) FILTER (probability >= 0.5),
    count(*) FILTER (hit AND probability >= 0.5), count(*) FILTER (decision = 'automatic'),
    count(*) FILTER (NOT hit AND decision = 'automatic')
FROM said

-- country_found --
-- DuckDB. Records whose number somebody has, now or formerly, unless all four fields are letter for letter his.
WITH asked AS (
    SELECT *, regexp_replace(upper(number), '[^0-9A-Z]', '', 'g') AS plain FROM read_parquet($register)
), holders AS (
    SELECT asked.record, known.citizen
    FROM asked JOIN read_parquet($known) AS known ON known.number = asked.plain
    UNION
    SELECT asked.record, known.citizen
    FROM asked JOIN read_parquet($known) AS known ON known.old_number = asked.plain
)
SELECT asked.record, asked.number, asked.full_name, asked.birth_date, asked.sex,
    known.citizen, known.number, known.old_number, known.full_name, known.birth_date, known.sex
FROM holders
JOIN asked USING (record)
JOIN read_parquet($known) AS known USING (citizen)
WHERE NOT coalesce(asked.full_name = known.full_name AND asked.sex = known.sex
    AND asked.birth_date = strftime(TRY_CAST(known.birth_date AS DATE), '%d/%m/%Y'), false)
ORDER BY asked.record

-- country_settled_plainly --
-- DuckDB. Records whose number, name, birth date and sex are letter for letter a known person's, and whose.
SELECT asked.record, known.citizen
FROM read_parquet($register) AS asked
JOIN read_parquet($known) AS known ON asked.number IN (known.number, known.old_number)
WHERE asked.full_name = known.full_name AND asked.sex = known.sex
    AND asked.birth_date = strftime(TRY_CAST(known.birth_date AS DATE), '%d/%m/%Y')

-- country_named --
-- DuckDB. Records of the residue with whom matching named best, and what both have written.
SELECT asked.record, asked.number, asked.full_name, asked.birth_date, asked.sex,
    known.citizen, known.number, known.old_number, known.full_name, known.birth_date, known.sex
FROM read_parquet($register) AS asked
JOIN (SELECT left_id, arg_max(right_id, probability) AS citizen FROM read_parquet($pairs) GROUP BY left_id) AS named
    ON named.left_id = asked.record
JOIN read_parquet($known) AS known USING (citizen)
ORDER BY asked.record

-- country_decisions --
-- DuckDB. Each record of the residue: its labels, what was decided of it, and whether its person was named.
WITH said AS (
    SELECT pairs.left_id AS record, max(pairs.probability) AS probability, any_value(pairs.decision) AS decision,
        arg_max(pairs.right_id, pairs.probability) AS citizen, list(pairs.right_id) AS named, count(*) AS names
    FROM read_parquet($pairs) AS pairs GROUP BY pairs.left_id
)
SELECT labels.record, labels.citizen, labels.site_kind, coalesce(labels.twin, false) AS twin, labels.birth_year,
    coalesce(labels.number, 'right') AS number, coalesce(labels.birth_date, 'right') AS birth_date,
    coalesce(said.decision, 'none') AS decision, said.probability,
    coalesce(said.citizen = labels.citizen, false) AS right_one,
    coalesce(list_contains(said.named, labels.citizen), false) AS named_right, coalesce(said.names, 0) AS names
FROM read_parquet($residue) AS residue
JOIN read_parquet($labels) AS labels USING (record)
LEFT JOIN said USING (record)
ORDER BY labels.record

-- country_causes --
-- DuckDB. Every record with its number as written, whether the register has its person, and what struck it, by field;
-- NULL where nothing did.
SELECT labels.record, register.number, labels.citizen IS NOT NULL, labels.number, labels.full_name, labels.birth_date,
    labels.sex
FROM read_parquet($labels) AS labels JOIN read_parquet($register) AS register USING (record)

-- country_residue --
-- DuckDB. The records that the exact check has not settled.
COPY (
    SELECT register.* FROM read_parquet({register}) AS register
    WHERE record NOT IN (SELECT record FROM settled) ORDER BY record
) TO {residue} (FORMAT parquet)
