-- exact_1_number --
-- The number itself, whichever of a person's numbers it is.
SELECT row, number_1 AS key FROM {side}_people WHERE number_1 IS NOT NULL
UNION ALL SELECT row, number_2 FROM {side}_people WHERE number_2 IS NOT NULL
UNION ALL SELECT row, number_3 FROM {side}_people WHERE number_3 IS NOT NULL

-- close_1_name_birth --
-- Name and birth date, whatever order the name is in.
SELECT row, sorted || '/' || birth AS key FROM {side}_people WHERE sorted IS NOT NULL AND birth IS NOT NULL

-- close_2_serial_given --
-- The last six of the number with the given name: the first digits are typed wrong most.
SELECT row, right(number_1, 6) || '/' || given AS key FROM {side}_people
WHERE length(number_1) >= 8 AND given IS NOT NULL

-- wide_01_birth_given --
-- Birth date (day and month in either order) with the given name.
SELECT row, birth_unordered || '/' || given AS key FROM {side}_people
WHERE birth_unordered IS NOT NULL AND given IS NOT NULL

-- wide_02_birth_family --
-- Birth date (day and month in either order) with the family name.
SELECT row, birth_unordered || '/' || family AS key FROM {side}_people
WHERE birth_unordered IS NOT NULL AND family IS NOT NULL

-- wide_03_birth_swapped_names --
-- The given name in the box of the family name: under it both sides meet once.
SELECT row, birth || '/' || least(family, given) AS key FROM {side}_people
WHERE birth IS NOT NULL AND family IS NOT NULL AND given IS NOT NULL

-- wide_04_cell_names --
-- The first six of a 12-digit number (province, sex, year of birth) with family and given name.
SELECT row, substr(number_1, 1, 6) || '/' || family || '/' || given AS key FROM {side}_people
WHERE length(number_1) = 12 AND family IS NOT NULL AND given IS NOT NULL

-- wide_05_name_day --
-- Name with day and month: the year may be wrong.
SELECT row, sorted || '/' || substr(birth, 5, 4) AS key FROM {side}_people
WHERE sorted IS NOT NULL AND substr(birth, 5, 4) <> '0000'

-- wide_06_name_year --
-- Its blocks grow with the nation: the bound on a key value's pairs takes them out where they have.
SELECT row, sorted || '/' || CAST(birth_year AS VARCHAR) AS key FROM {side}_people
WHERE sorted IS NOT NULL AND birth_year IS NOT NULL

-- wide_07_name --
-- The name alone, where few bear it.
SELECT row, sorted AS key FROM {side}_people WHERE sorted IS NOT NULL

-- wide_08_birth --
-- The birth date alone, where few have it.
SELECT row, birth AS key FROM {side}_people WHERE birth IS NOT NULL

-- text_key_given --
-- Another field with the given name.
SELECT row, {column} || '/' || given AS key FROM {side}_people WHERE {column} IS NOT NULL AND given IS NOT NULL

-- text_key_family --
-- Another field with the family name.
SELECT row, {column} || '/' || family AS key FROM {side}_people WHERE {column} IS NOT NULL AND family IS NOT NULL

-- text_key_birth --
-- Another field with the birth date.
SELECT row, {column} || '/' || birth AS key FROM {side}_people WHERE {column} IS NOT NULL AND birth IS NOT NULL

-- text_key_year --
-- Another field with the year of birth and sex.
SELECT row, {column} || '/' || CAST(birth_year AS VARCHAR) || '/' || sex AS key FROM {side}_people
WHERE {column} IS NOT NULL AND birth_year IS NOT NULL AND sex IS NOT NULL

-- candidates --
-- The pairs that any key has made.
CREATE OR REPLACE TEMP TABLE candidates (l BIGINT, r BIGINT)

-- residue --
-- The left records that still need a search.
CREATE OR REPLACE TEMP TABLE residue AS SELECT row FROM left_people

-- key_pairs --
-- The pairs that a key makes for the residue. A key value that would make too many is left out: it tells too little.
INSERT INTO candidates
WITH lefts AS (
    SELECT DISTINCT row, key FROM ({left_key}) AS keys WHERE row IN (SELECT row FROM residue)
), rights AS (
    SELECT DISTINCT row, key FROM ({right_key}) AS keys
), left_counts AS (SELECT key, count(*) AS n FROM lefts GROUP BY key
), right_counts AS (SELECT key, count(*) AS n FROM rights SEMI JOIN left_counts USING (key) GROUP BY key
), usable AS (
    SELECT key FROM left_counts JOIN right_counts USING (key) WHERE left_counts.n * right_counts.n <= {max_block}
)
SELECT lefts.row, rights.row FROM usable JOIN lefts USING (key) JOIN rights USING (key)
WHERE {each_once}

-- number_probes --
-- The numbers one slip away from those of the residue: one digit replaced, two swapped, one left out or one too many.
INSERT INTO candidates
WITH numbers AS (
    SELECT row, number_1 AS number FROM left_people
    WHERE row IN (SELECT row FROM residue) AND regexp_full_match(number_1, '[0-9]{7,13}')
), places AS (
    SELECT row, number, unnest(range(1, 14)) AS place FROM numbers
), digits AS (
    SELECT row, number, place, unnest(range(0, 10)) AS digit FROM places
), probes AS (
    SELECT row, substr(number, 1, place - 1) || digit || substr(number, place + 1) AS probe
    FROM digits
    WHERE place <= length(number) AND CAST(digit AS VARCHAR) <> substr(number, place, 1)
    UNION ALL
    SELECT row, substr(number, 1, place - 1) || substr(number, place + 1, 1) || substr(number, place, 1)
        || substr(number, place + 2) FROM places WHERE place < length(number)
    UNION ALL
    SELECT row, substr(number, 1, place - 1) || digit || substr(number, place)
    FROM digits WHERE length(number) IN (8, 11) AND place <= length(number) + 1
    UNION ALL
    SELECT row, substr(number, 1, place - 1) || substr(number, place + 1)
    FROM places WHERE length(number) IN (10, 13) AND place <= length(number)
), rights AS (
    SELECT row, number_1 AS number FROM right_people WHERE number_1 IS NOT NULL
    UNION ALL SELECT row, number_2 FROM right_people WHERE number_2 IS NOT NULL
    UNION ALL SELECT row, number_3 FROM right_people WHERE number_3 IS NOT NULL
)
SELECT lefts.row, rights.row FROM probes AS lefts JOIN rights ON rights.number = lefts.probe
WHERE {each_once}

-- settle --
-- Who has a candidate with the same name and birth date needs no wider search; by number alone only with both.
DELETE FROM residue WHERE row IN (
    SELECT lefts.row
    FROM candidates
    JOIN left_people AS lefts ON lefts.row = candidates.l
    JOIN right_people AS rights ON rights.row = candidates.r
    WHERE lefts.sorted = rights.sorted AND lefts.birth = rights.birth
)

-- pairs --
-- The candidates, each once.
CREATE OR REPLACE TEMP TABLE pairs AS SELECT DISTINCT l, r FROM candidates

-- random_pairs --
-- Pairs of people taken at random, the same ones each time: what agreement is worth between strangers.
CREATE OR REPLACE TEMP TABLE random_pairs AS
SELECT DISTINCT lefts.row AS l, (lefts.row * 7919 + turn.n * 104729 + 13) % {rights} AS r
FROM left_people AS lefts, (SELECT unnest(range(0, {turns})) AS n) AS turn
WHERE lefts.row % {step} = 0 AND NOT ({alone} AND r = l)

-- pair_count --
-- How many candidate pairs there are.
SELECT count(*) FROM pairs
