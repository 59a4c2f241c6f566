-- exact_1_number --
-- The number itself, whichever of a person's numbers it is.
SELECT row, hash(number_1) AS key FROM {side}_people WHERE number_1 IS NOT NULL
UNION ALL SELECT row, hash(number_2) FROM {side}_people WHERE number_2 IS NOT NULL
UNION ALL SELECT row, hash(number_3) FROM {side}_people WHERE number_3 IS NOT NULL

-- close_1_name_birth --
-- Name and birth date, whatever order the name is in.
SELECT row, hash(sorted, birth) AS key FROM {side}_people WHERE sorted IS NOT NULL AND birth IS NOT NULL

-- close_2_serial_given --
-- The last six of the number with the given name: the first digits are typed wrong most.
SELECT row, hash(right(number_1, 6), given) AS key FROM {side}_people
WHERE length(number_1) >= 8 AND given IS NOT NULL

-- wide_01_birth_given --
-- Birth date (day and month in either order) with the given name.
SELECT row, hash(birth_unordered, given) AS key FROM {side}_people
WHERE birth_unordered IS NOT NULL AND given IS NOT NULL

-- wide_02_birth_family --
-- Birth date (day and month in either order) with the family name.
SELECT row, hash(birth_unordered, family) AS key FROM {side}_people
WHERE birth_unordered IS NOT NULL AND family IS NOT NULL

-- wide_03_birth_swapped_names --
-- The given name in the box of the family name: under it both sides meet once.
SELECT row, hash(birth, least(family, given)) AS key FROM {side}_people
WHERE birth IS NOT NULL AND family IS NOT NULL AND given IS NOT NULL

-- wide_04_cell_names --
-- The first six of a 12-digit number (province, sex, year of birth) with family and given name.
SELECT row, hash(substr(number_1, 1, 6), family, given) AS key FROM {side}_people
WHERE length(number_1) = 12 AND family IS NOT NULL AND given IS NOT NULL

-- wide_05_name_day --
-- Name with day and month: the year may be wrong.
SELECT row, hash(sorted, substr(birth, 5, 4)) AS key FROM {side}_people
WHERE sorted IS NOT NULL AND substr(birth, 5, 4) <> '0000'

-- wide_06_name_year --
-- Its blocks grow with the nation: the bound on a key value's pairs takes them out where they have.
SELECT row, hash(sorted, CAST(birth_year AS VARCHAR)) AS key FROM {side}_people
WHERE sorted IS NOT NULL AND birth_year IS NOT NULL

-- widest_1_name --
-- The name alone, where few bear it.
SELECT row, hash(sorted) AS key FROM {side}_people WHERE sorted IS NOT NULL

-- widest_2_birth --
-- The birth date alone, where few have it.
SELECT row, hash(birth) AS key FROM {side}_people WHERE birth IS NOT NULL

-- text_key_given --
-- Another field with the given name.
SELECT row, hash({column}, given) AS key FROM {side}_people WHERE {column} IS NOT NULL AND given IS NOT NULL

-- text_widest_family --
-- Another field with the family name.
SELECT row, hash({column}, family) AS key FROM {side}_people WHERE {column} IS NOT NULL AND family IS NOT NULL

-- text_key_birth --
-- Another field with the birth date.
SELECT row, hash({column}, birth) AS key FROM {side}_people WHERE {column} IS NOT NULL AND birth IS NOT NULL

-- text_key_year --
-- Another field with the year of birth and sex.
SELECT row, hash({column}, CAST(birth_year AS VARCHAR), sex) AS key FROM {side}_people
WHERE {column} IS NOT NULL AND birth_year IS NOT NULL AND sex IS NOT NULL

-- candidates --
-- The pairs that any key has made.
CREATE OR REPLACE TEMP TABLE candidates (l BIGINT, r BIGINT)

-- residue --
-- The left records of a part that still need a search.
CREATE OR REPLACE TEMP TABLE residue AS SELECT row FROM left_people WHERE lot % {parts} = {part}

-- key_pairs --
-- The pairs that a key makes for the residue; keys are hashes, to be short. A value that would make too many pairs is
-- left out: it tells too little.
INSERT INTO candidates
WITH lefts AS (
    SELECT DISTINCT row, key FROM ({left_key}) AS keys WHERE row IN (SELECT row FROM residue)
), left_counts AS (SELECT key, count(*) AS n FROM lefts GROUP BY key
), rights AS (
    SELECT DISTINCT row, key FROM ({right_key}) AS keys SEMI JOIN left_counts USING (key)
), right_counts AS (SELECT key, count(*) AS n FROM rights GROUP BY key
), usable AS (
    SELECT key FROM left_counts JOIN right_counts USING (key) WHERE left_counts.n * right_counts.n <= {max_block}
)
SELECT lefts.row, rights.row FROM usable JOIN lefts USING (key) JOIN rights USING (key)
WHERE {each_once}

-- number_probes --
-- The numbers one slip away from those of the residue, as whole numbers: one digit replaced, two neighbours swapped, and
-- where their length shows that one is missing or too many, one put in or left out.
INSERT INTO candidates
WITH numbers AS (
    SELECT row, CAST('1' || number_1 AS BIGINT) AS value, length(number_1) AS digits FROM left_people
    WHERE row IN (SELECT row FROM residue) AND regexp_full_match(number_1, '[0-9]{7,13}')
), placed AS (
    SELECT row, value, digits, place, unit, value // unit % 10 AS here, value // (unit * 10) % 10 AS before
    FROM numbers, (SELECT place, CAST(pow(10, place) AS BIGINT) AS unit FROM range(0, 14) AS places(place)) AS units
    WHERE place <= digits
), probes AS (
    SELECT row, value + (digit - here) * unit AS probe FROM placed, range(0, 10) AS all_digits(digit)
    WHERE place < digits AND digit <> here
    UNION ALL
    SELECT row, value + (before - here) * unit + (here - before) * unit * 10
    FROM placed WHERE place < digits - 1 AND here <> before
    UNION ALL
    SELECT row, (value // unit * 10 + digit) * unit + value % unit FROM placed, range(0, 10) AS all_digits(digit)
    WHERE digits IN (8, 11)
    UNION ALL
    SELECT row, value // (unit * 10) * unit + value % unit FROM placed WHERE digits IN (10, 13) AND place < digits
), rights AS (
    SELECT row, CAST('1' || number AS BIGINT) AS value FROM (
        SELECT row, number_1 AS number FROM right_people
        UNION ALL SELECT row, number_2 FROM right_people WHERE number_2 IS NOT NULL
        UNION ALL SELECT row, number_3 FROM right_people WHERE number_3 IS NOT NULL
    ) AS numbers WHERE regexp_full_match(number, '[0-9]{6,16}')
)
SELECT lefts.row, rights.row FROM probes AS lefts JOIN rights ON rights.value = lefts.probe
WHERE {each_once}

-- settle --
-- Who has a candidate with the same name and birth date needs no wider search; nor who has one with the same number and,
-- beside it, the same name, or the same birth date and given name (twins have another one).
DELETE FROM residue WHERE row IN (
    SELECT lefts.row
    FROM residue JOIN candidates ON candidates.l = residue.row
    JOIN left_people AS lefts ON lefts.row = candidates.l
    JOIN right_people AS rights ON rights.row = candidates.r
    WHERE (lefts.sorted = rights.sorted AND lefts.birth = rights.birth)
        OR ((lefts.sorted = rights.sorted OR (lefts.birth = rights.birth AND lefts.given = rights.given))
            AND lefts.number_1 IN (rights.number_1, rights.number_2, rights.number_3))
)

-- settle_likely --
-- Who has a candidate of the same name, and of the same year or the same day and month, needs none of the widest keys.
DELETE FROM residue WHERE row IN (
    SELECT lefts.row
    FROM residue JOIN candidates ON candidates.l = residue.row
    JOIN left_people AS lefts ON lefts.row = candidates.l
    JOIN right_people AS rights ON rights.row = candidates.r
    WHERE lefts.sorted = rights.sorted
        AND (lefts.birth_year = rights.birth_year OR substr(lefts.birth, 5, 4) = substr(rights.birth, 5, 4))
)

-- pairs --
-- The candidates, each once.
CREATE OR REPLACE TEMP TABLE pairs AS SELECT DISTINCT l, r FROM candidates

-- random_pairs --
-- Strangers: some drawn by lot from the left, each with all that are drawn from the right.
CREATE OR REPLACE TEMP TABLE random_pairs AS
SELECT lefts.row AS l, rights.row AS r
FROM (SELECT row, lot FROM left_people ORDER BY lot, row LIMIT {each}) AS lefts,
    (SELECT row, lot FROM right_people ORDER BY lot DESC, row LIMIT {each}) AS rights
WHERE NOT ({alone} AND lefts.row = rights.row)

-- pair_count --
-- How many candidate pairs there are.
SELECT count(*) FROM pairs
