-- part_lefts --
-- The left records of a part.
CREATE OR REPLACE TEMP VIEW part_lefts AS SELECT * FROM left_plain WHERE {parts} = 1 OR lot % {parts} = {part}

-- crowded_numbers --
-- Numbers that would make too many pairs: what fills a box tells nothing. Only what stands often on one side can, and
-- only in a bucket of many rows can a number stand often: the rest need not be grouped one by one.
CREATE OR REPLACE TEMP TABLE crowded_numbers AS
WITH often AS (
    {left_often}
    UNION
    {right_often}
), lefts AS (
    SELECT number, count(*) AS n FROM ({left_numbers}) AS numbers SEMI JOIN often USING (number) GROUP BY number
), rights AS (
    SELECT number, count(*) AS n FROM ({right_numbers}) AS numbers SEMI JOIN often USING (number) GROUP BY number
)
SELECT number FROM lefts JOIN rights USING (number) WHERE lefts.n * rights.n > {max_block}

-- some_crowded --
-- Whether there are such numbers.
SELECT number FROM crowded_numbers LIMIT 1

-- often --
-- The numbers that stand often on a side.
SELECT number FROM ({numbers}) AS numbers
WHERE hash(number) % {buckets} IN (
    SELECT hash(number) % {buckets} FROM ({numbers}) AS numbers GROUP BY ALL HAVING count(*) > {many}
)
GROUP BY number HAVING count(*) > {many}

-- numbers_of --
-- One number column of a side.
SELECT {column} AS number FROM {side} WHERE {column} IS NOT NULL

-- numbered --
-- The pairs that share a number, with their levels where the names are written alike.
CREATE OR REPLACE TEMP TABLE numbered (l INTEGER, r INTEGER, pattern BIGINT)

-- number_pairs --
-- The people who share a number, whichever of a person's numbers it is, if no pair of columns before this one joined them.
INSERT INTO numbered
SELECT l.row, r.row, CASE WHEN l.name = r.name THEN {pattern} END
FROM part_lefts AS l JOIN right_plain AS r ON r.{right_number} = l.{left_number}
WHERE {each_once} AND NOT ({before})
    AND NOT EXISTS (SELECT number FROM crowded_numbers WHERE number = l.{left_number})

-- numbered_alike --
-- Those of names written alike: no form of a name has been looked up for them.
INSERT INTO pair_levels SELECT l, r, pattern FROM numbered WHERE pattern IS NOT NULL

-- numbered_others --
-- The people of all others.
(SELECT l, r FROM numbered WHERE pattern IS NULL) AS pairs
JOIN ({lefts}) AS l ON l.row = pairs.l
JOIN right_people AS r ON r.row = pairs.r

-- close_1_name_birth --
-- Name and birth date, whatever order the name is in.
SELECT row, {tag} AS tag, hash({tag}, sorted, birth) AS key FROM {people} WHERE sorted IS NOT NULL AND birth IS NOT NULL

-- close_2_last_half_given --
-- The last half of the number with the given name: a slip in the first half does no harm.
SELECT row, {tag} AS tag, hash({tag}, right(number_1, {half}), given) AS key FROM {people}
WHERE strlen(number_1) > 4 AND given IS NOT NULL

-- close_3_last_half_year --
-- The last half of the number with the year of birth.
SELECT row, {tag} AS tag, hash({tag}, right(number_1, {half}), birth // 10000) AS key FROM {people}
WHERE strlen(number_1) > 4 AND birth IS NOT NULL

-- close_4_first_half_birth --
-- The first half of the number (of twelve digits: province, sex, year of birth) with the birth date.
SELECT row, {tag} AS tag, hash({tag}, left(number_1, {half}), {unordered}) AS key FROM {people}
WHERE strlen(number_1) > 4 AND birth % 10000 > 0

-- unordered --
-- A birth date as a number, day and month in either order.
birth // 10000 * 10000 + least(birth // 100 % 100, birth % 100) * 100 + greatest(birth // 100 % 100, birth % 100)

-- half --
-- How many signs are half of a number: as many for a number that has lost a sign.
CASE WHEN strlen(number_1) >= 11 THEN 6 WHEN strlen(number_1) >= 8 THEN 5 ELSE 4 END

-- wide_01_birth_given --
-- Birth date (day and month in either order) with the given name.
SELECT row, {tag} AS tag, hash({tag}, {unordered}, given) AS key FROM {people}
WHERE birth % 10000 > 0 AND given IS NOT NULL

-- wide_02_birth_family --
-- Birth date (day and month in either order) with the family name and the first letter of the given name.
SELECT row, {tag} AS tag, hash({tag}, {unordered}, family, substr(given, 1, 1)) AS key FROM {people}
WHERE birth % 10000 > 0 AND family IS NOT NULL

-- wide_03_first_half_names --
-- The first half of the number with family and given name.
SELECT row, {tag} AS tag, hash({tag}, left(number_1, {half}), family, given) AS key FROM {people}
WHERE strlen(number_1) > 4 AND family IS NOT NULL AND given IS NOT NULL

-- wide_04_name_day --
-- Name with day and month: the year may be wrong.
SELECT row, {tag} AS tag, hash({tag}, sorted, birth % 10000) AS key FROM {people}
WHERE sorted IS NOT NULL AND birth % 10000 > 0

-- wide_05_name_year --
-- Its blocks grow with the nation: the bound on a key value's pairs takes them out where they have.
SELECT row, {tag} AS tag, hash({tag}, sorted, birth // 10000) AS key FROM {people}
WHERE sorted IS NOT NULL AND birth IS NOT NULL

-- widest_1_name --
-- The name alone, where few bear it.
SELECT row, {tag} AS tag, hash({tag}, sorted) AS key FROM {people} WHERE sorted IS NOT NULL

-- widest_2_birth --
-- The birth date alone, where few have it.
SELECT row, {tag} AS tag, hash({tag}, birth) AS key FROM {people} WHERE birth IS NOT NULL

-- text_key_given --
-- Another field with the given name.
SELECT row, {tag} AS tag, hash({tag}, {column}, given) AS key FROM {people} WHERE {column} IS NOT NULL AND given IS NOT NULL

-- widest_3_birth_family --
-- Birth date (day and month in either order) with the family name.
SELECT row, {tag} AS tag, hash({tag}, {unordered}, family) AS key FROM {people}
WHERE birth % 10000 > 0 AND family IS NOT NULL

-- text_widest_alone --
-- A phone, an e-mail or another field that few share, alone.
SELECT row, {tag} AS tag, hash({tag}, {column}) AS key FROM {people} WHERE {column} IS NOT NULL

-- text_widest_family --
-- Another field with the family name.
SELECT row, {tag} AS tag, hash({tag}, {column}, family) AS key FROM {people} WHERE {column} IS NOT NULL AND family IS NOT NULL

-- text_widest_first_half --
-- Another field with the first half of the number.
SELECT row, {tag} AS tag, hash({tag}, {column}, left(number_1, {half})) AS key FROM {people}
WHERE {column} IS NOT NULL AND strlen(number_1) > 4

-- text_widest_last_half --
-- Another field with the last half of the number.
SELECT row, {tag} AS tag, hash({tag}, {column}, right(number_1, {half})) AS key FROM {people}
WHERE {column} IS NOT NULL AND strlen(number_1) > 4

-- text_key_birth --
-- Another field with the birth date.
SELECT row, {tag} AS tag, hash({tag}, {column}, birth) AS key FROM {people} WHERE {column} IS NOT NULL AND birth IS NOT NULL

-- text_widest_year --
-- Another field with the year of birth and sex.
SELECT row, {tag} AS tag, hash({tag}, {column}, birth // 10000, sex) AS key FROM {people}
WHERE {column} IS NOT NULL AND birth IS NOT NULL AND sex IS NOT NULL

-- key_pairs --
-- The pairs that keys make for the residue; keys are hashes, to be short. A value that would make too many pairs is
-- left out, and so is a whole key that would make many, and too many for each record: it tells too little.
WITH lefts AS ({left_keys}
), left_counts AS (SELECT key, any_value(tag) AS tag, count(*) AS n FROM lefts GROUP BY key
), rights AS (SELECT row, key FROM ({right_keys}) AS keys SEMI JOIN left_counts USING (key)
), right_counts AS (SELECT key, count(*) AS n FROM rights GROUP BY key
), blocks AS (
    SELECT key, tag, left_counts.n * right_counts.n AS pairs FROM left_counts JOIN right_counts USING (key)
    WHERE left_counts.n * right_counts.n <= {max_block}
), usable AS (
    SELECT key FROM blocks WHERE tag IN (
        SELECT tag FROM blocks GROUP BY tag
        HAVING sum(pairs) <= greatest({few_pairs}, {most_each} * (SELECT count(*) FROM residue))
    )
)
SELECT l, r FROM (
    SELECT DISTINCT lefts.row AS l, rights.row AS r FROM usable JOIN lefts USING (key) JOIN rights USING (key)
    WHERE {each_once}
) AS found

-- new_pairs --
-- The people of pairs that no key has made before.
(
    {pairs}
    ANTI JOIN (SELECT l, r FROM pair_levels WHERE l IN (SELECT row FROM residue)) AS before USING (l, r)
) AS pairs
JOIN residue AS l ON l.row = pairs.l
JOIN right_people AS r ON r.row = pairs.r

-- unsettled --
-- Left records that no pair so far settles.
SELECT * FROM {lefts} AS lefts WHERE NOT EXISTS (SELECT l FROM pair_levels WHERE l = lefts.row AND ({settled}))

-- residue --
-- Those that need a wider search.
CREATE OR REPLACE TEMP TABLE residue AS {people}

-- settled --
-- Who has a candidate with the same name and birth date needs no wider search; nor who has one with the same number and,
-- beside it, the same name, or the same given name and a birth date near it (twins have another name, parents another
-- date).
({name} IN ({whole}) AND {birth_date} IN ({same_birth}))
    OR ({number} IN ({same_number}) AND ({name} IN ({whole}) OR ({name} IN ({given}) AND {birth_date} IN ({near_birth}))))

-- settled_by_slip --
-- Nor who has one whose number is a slip away and whose name or birth date agrees.
({number} IN ({same_number}, {slipped_number})
    AND ({name} IN ({whole}) OR ({name} IN ({given}, {close}) AND {birth_date} IN ({near_birth}))))

-- settled_likely --
-- Who has a candidate of the same name, and of the same year or the same day and month, or of nearly the same number and
-- something else, needs none of the widest keys.
({name} IN ({whole}) AND {birth_date} IN ({near_birth}, {part_of_birth}))
    OR ({number} IN ({same_number}, {slipped_number}) AND ({name} IN ({whole}, {given}, {close}) OR {birth_date} IN ({near_birth})))

-- random_pairs --
-- Strangers: some drawn by lot from the left, each with all that are drawn from the right.
({lefts}) AS l JOIN (SELECT * FROM right_people WHERE row IN (SELECT row FROM right_plain ORDER BY lot DESC, row LIMIT {each})) AS r
    ON NOT ({alone} AND l.row = r.row)

-- drawn_lefts --
-- Left records drawn by lot.
SELECT * FROM left_plain WHERE row IN (SELECT row FROM left_plain ORDER BY lot, row LIMIT {each})

-- pair_count --
-- How many candidate pairs there are.
SELECT count(*) FROM pair_levels
