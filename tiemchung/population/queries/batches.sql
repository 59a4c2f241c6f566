-- batch_read --
-- DuckDB, not PostgreSQL. The questions of a batch with the number of their row in all files, from 1; `compact` is the
-- number as the check compares it, without spaces, dots and dashes.
CREATE TABLE questions AS
SELECT row_number() OVER () AS row, coalesce(trim(id), '') AS id, coalesce(record, '') AS record,
    coalesce(number, '') AS number, regexp_replace(upper(coalesce(number, '')), '[^0-9A-Z]', '', 'g') AS compact,
    coalesce(full_name, '') AS full_name, coalesce(birth_date, '') AS birth_date,
    coalesce(sex, '') AS sex
FROM {source}

-- batch_faults --
-- DuckDB. Rows with a fault: the field of the first, or `double` for an id of an earlier row.
CREATE TABLE faults AS
SELECT row, id, field FROM (
    SELECT row, id, CASE
        WHEN NOT regexp_full_match(id, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}') THEN 'id'
        WHEN row <> min(row) OVER (PARTITION BY id) THEN 'double'
        WHEN length(number) > 60 OR regexp_matches(number, '[\p{C}]') THEN 'number'
        WHEN length(full_name) > 250 OR regexp_matches(full_name, '[\p{C}]') THEN 'full_name'
        WHEN birth_date NOT IN (SELECT written FROM readable_dates) THEN 'birth_date'
        WHEN sex NOT IN ('male', 'female', 'unknown', '') THEN 'sex'
        WHEN length(record) > 64 THEN 'record'
    END AS field
    FROM questions
) AS judged WHERE field IS NOT NULL

-- batch_dates --
-- DuckDB. Every writing of a birth date, once.
SELECT DISTINCT birth_date FROM questions

-- batch_asked_before --
-- DuckDB. How often each record was asked about within the day before, elsewhere than in this batch.
CREATE TABLE asked_before AS
SELECT record, checks FROM read_csv({file}, header = true, columns = {'record': 'VARCHAR', 'checks': 'BIGINT'})

-- batch_too_many --
-- DuckDB. Questions beyond a bound (docs/adr/0026): too many checks of one record, those of the day before counted, too
-- many records on one number, too many neighbouring numbers. However a number is written, it is one.
CREATE TABLE too_many AS
WITH sound AS (
    SELECT * FROM questions WHERE row NOT IN (SELECT row FROM faults)
), crowded AS (
    SELECT row, 'number' AS bound
    FROM (SELECT row, row_number() OVER (PARTITION BY compact ORDER BY row) AS place FROM sound WHERE compact <> '') AS placed
    WHERE place > {number_bound}
    UNION
    SELECT row, 'number'
    FROM (SELECT row, row_number() OVER (PARTITION BY record ORDER BY row) + coalesce(checks, 0) AS place
          FROM sound LEFT JOIN asked_before USING (record) WHERE record <> '') AS placed
    WHERE place > {record_bound}
), walked AS (
    SELECT substr(compact, 1, 10) AS block FROM sound WHERE regexp_full_match(compact, '[0-9]{12}')
    GROUP BY block HAVING count(DISTINCT compact) > {block_bound}
)
SELECT row, bound FROM crowded
UNION ALL
SELECT row, 'walk' FROM sound JOIN walked ON substr(compact, 1, 10) = block
    WHERE length(compact) = 12 AND row NOT IN (SELECT row FROM crowded)

-- batch_records --
-- DuckDB. How many questions of each record are going to be answered.
SELECT record, count(*) FROM questions
WHERE record <> '' AND row NOT IN (SELECT row FROM faults) AND row NOT IN (SELECT row FROM too_many)
GROUP BY record ORDER BY record

-- batch_asked --
-- DuckDB. What goes into the check.
COPY (
    SELECT id AS record, number, full_name, birth_date, sex FROM questions
    WHERE row NOT IN (SELECT row FROM faults) AND row NOT IN (SELECT row FROM too_many)
    ORDER BY row
) TO {file} (FORMAT parquet)

-- batch_sizes --
-- DuckDB. How many questions, faults, questions beyond the bound of a number or a record, and questions of walks.
SELECT (SELECT count(*) FROM questions), (SELECT count(*) FROM faults),
    (SELECT count(*) FROM too_many WHERE bound = 'number'), (SELECT count(*) FROM too_many WHERE bound = 'walk')

-- batch_fault_rows --
-- DuckDB. The rows that could not be read, for the errors file.
SELECT row, id, field FROM faults ORDER BY row

-- batch_unanswered --
-- DuckDB. Answers of rows that were not checked; of doubles the first row is answered.
SELECT id, 'unreadable' AS verdict, field FROM faults WHERE field NOT IN ('id', 'double')
UNION ALL
SELECT id, 'too_many', '' FROM too_many JOIN questions USING (row) ORDER BY 1

-- batch_answers --
-- DuckDB. What leaves of one part of the check: verdict; kinds only where it is not unknown; a handle only on right.
SELECT record AS id, outward_verdict AS verdict,
    CASE WHEN outward_verdict <> 'unknown' THEN outward_number END AS number,
    CASE WHEN outward_verdict <> 'unknown' THEN outward_full_name END AS full_name,
    CASE WHEN outward_verdict <> 'unknown' THEN outward_birth_date END AS birth_date,
    CASE WHEN outward_verdict <> 'unknown' THEN outward_sex END AS sex,
    CASE WHEN outward_verdict = 'right' THEN CAST(citizen AS VARCHAR) END AS citizen
FROM read_parquet({file}) WHERE outward_verdict <> 'not_sent' ORDER BY id

-- batch_about --
-- DuckDB. Number of each question that was answered «wrong», as the register writes it. Of «unknown» none is kept: that
-- such a number came to be known is told to nobody (docs/adr/0049).
SELECT questions.id, questions.compact
FROM read_parquet({file}) AS answers JOIN questions ON questions.id = answers.record
WHERE outward_verdict = 'wrong' AND row NOT IN (SELECT row FROM faults)

-- batch_counted --
-- DuckDB. How many answers of each verdict stand in the files that leave.
SELECT verdict, count(*) FROM {source} GROUP BY verdict ORDER BY verdict
