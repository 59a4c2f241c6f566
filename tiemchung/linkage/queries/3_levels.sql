-- pair_levels --
-- The pairs with how their fields agree: one number for the levels of all fields, each a digit of it; 0 where one side is
-- silent.
CREATE OR REPLACE TEMP TABLE {table} (l INTEGER, r INTEGER, pattern BIGINT)

-- levels --
-- How the fields of the people `l` and `r` agree.
INSERT INTO {table} SELECT l.row, r.row, {pattern}
FROM {people}

-- level_name --
-- The whole name in one comparison: its parts depend on one another.
CASE
    WHEN l.name IS NULL OR r.name IS NULL THEN 0
    WHEN l.name = r.name OR l.written = r.written THEN {same}
    WHEN l.matched = r.matched THEN {spelling}
    WHEN l.folded = r.folded THEN {accents}
    WHEN l.sorted = r.sorted THEN {order}
    WHEN l.given = r.given THEN
        CASE WHEN l.family = r.family THEN {middle_differs}
            WHEN jaro_winkler_similarity(l.family, r.family) >= 0.85 THEN {family_close}
            WHEN jaro_winkler_similarity(l.family, r.family) >= 0.8 OR {nearly} THEN {both_close}
            WHEN {exchanged} THEN {both_close}
            WHEN l.family IS NULL OR r.family IS NULL THEN {half}
            ELSE {given} END
    WHEN l.family = r.family THEN
        CASE WHEN jaro_winkler_similarity(l.given, r.given) >= 0.85 THEN {given_close}
            WHEN jaro_winkler_similarity(l.given, r.given) >= 0.8 OR {nearly} THEN {both_close}
            WHEN {exchanged} THEN {both_close}
            WHEN l.given IS NULL OR r.given IS NULL THEN {half}
            ELSE {family} END
    WHEN jaro_winkler_similarity(l.given, r.given) >= 0.8 AND jaro_winkler_similarity(l.family, r.family) >= 0.8
        THEN {both_close}
    WHEN {nearly} THEN {both_close}
    WHEN {exchanged} THEN {both_close}
    ELSE {other}
END

-- level_name_alike --
-- Names written alike, letter by letter.
{same}

-- names_nearly --
-- The whole names are nearly alike.
(abs(strlen(l.folded) - strlen(r.folded)) <= 8
    AND jaro_winkler_similarity(l.folded, r.folded, 0.9) > 0)

-- names_exchanged --
-- In another order too: only where one part of the name stands in the place of the other.
((l.given = r.family OR l.family = r.given)
    AND jaro_winkler_similarity(array_to_string(list_sort(string_split(l.folded, ' ')), ' '),
        array_to_string(list_sort(string_split(r.folded, ' ')), ' ')) >= 0.9)

-- level_birth_date --
-- Birth dates as the numbers yyyymmdd, 00 where not known. Digits are compared one by one only where that can tell
-- something: a slip leaves the year as it is or the day of the year, or exchanges the year's last digit for the month's first.
CASE
    WHEN l.birth IS NULL OR r.birth IS NULL THEN 0
    WHEN l.birth = r.birth THEN {same}
    WHEN l.birth // 10000 = r.birth // 10000 THEN
        CASE WHEN l.birth // 100 % 100 = r.birth % 100 AND l.birth % 100 = r.birth // 100 % 100 THEN {swap}
            WHEN l.birth % 10000 IN (0, 101) OR r.birth % 10000 IN (0, 101) THEN {vague}
            WHEN {one_slip} THEN {slip}
            WHEN l.birth // 100 = r.birth // 100 OR l.birth % 100 = r.birth % 100 THEN {two_parts}
            WHEN {unlike_digits} <= 2 THEN {two_parts}
            ELSE {one_part} END
    WHEN l.birth % 10000 = r.birth % 10000 THEN
        CASE WHEN abs(l.birth // 10000 - r.birth // 10000) IN (1, 10, 100) OR {one_slip} THEN {slip} ELSE {two_parts} END
    WHEN l.birth // 100000 = r.birth // 100000 AND l.birth % 1000 = r.birth % 1000 AND {one_slip} THEN {slip}
    WHEN abs(l.birth // 10000 - r.birth // 10000) >= 14 THEN {generation}
    WHEN {unlike_digits} <= 2 THEN {two_parts}
    ELSE {other}
END

-- one_slip --
-- One digit differs, or two neighbours are exchanged.
({unlike_digits} = 1 OR {unlike_digits} = 2 AND damerau_levenshtein({left_digits}, {right_digits}) = 1)

-- unlike_digits --
-- In how many digits two birth dates differ.
hamming({left_digits}, {right_digits})

-- digits_of --
-- The digits of a birth date behind a one: as many for every year.
CAST({person}.birth + 100000000 AS VARCHAR)

-- level_sex --
-- Sex.
CASE WHEN l.sex IS NULL OR r.sex IS NULL THEN 0 WHEN l.sex = r.sex THEN {same} ELSE {other} END

-- level_number --
-- Any number of one side against any of the other; slips between the numbers of today. What fills a box says nothing.
CASE
    WHEN {shared_number} THEN {same}
    WHEN l.number_1 IS NULL OR r.number_1 IS NULL OR {is_crowded} THEN 0
    WHEN strlen(l.number_1) = strlen(r.number_1) AND hamming(l.number_1, r.number_1) = 1 THEN {slip}
    WHEN strlen(l.number_1) = strlen(r.number_1)
        AND hamming(l.number_1, r.number_1) = 2 AND damerau_levenshtein(l.number_1, r.number_1) = 1 THEN {slip}
    WHEN abs(strlen(l.number_1) - strlen(r.number_1)) = 1
        AND jaro_winkler_similarity(l.number_1, r.number_1) >= 0.9
        AND damerau_levenshtein(l.number_1, r.number_1) = 1 THEN {slip}
    WHEN strlen(l.number_1) = strlen(r.number_1) AND strlen(l.number_1) >= 9
        AND right(l.number_1, 6) = right(r.number_1, 6) THEN {serial}
    ELSE {other}
END

-- is_crowded --
-- Whether a number only fills the box.
{column} IN (SELECT number FROM crowded_numbers)

-- level_contradiction --
-- Whether the left record's 12-digit number states both another sex and another birth year than the record. An odd digit
-- is an odd sign, too.
CASE
    WHEN l.sex IS NULL OR l.birth IS NULL OR l.number_1 IS NULL THEN 0
    WHEN (ascii(substr(l.number_1, 4, 1)) % 2 = 1) <> (l.sex = 'female') AND regexp_full_match(l.number_1, '[0-9]{12}')
        THEN CASE WHEN CAST(substr(l.number_1, 5, 2) AS INTEGER) <> l.birth // 10000 % 100 THEN {both} ELSE 0 END
    ELSE 0
END

-- level_text --
-- Any other field.
CASE
    WHEN l.{column} IS NULL OR r.{column} IS NULL THEN 0
    WHEN l.{column} = r.{column} THEN {same}
    WHEN jaro_winkler_similarity(l.{column}, r.{column}) >= 0.9 THEN {close}
    ELSE {other}
END

-- level_age --
-- Ages in years, told at different times of the year or a year apart.
CASE
    WHEN l.{column} IS NULL OR r.{column} IS NULL THEN 0
    WHEN l.{column} = r.{column} THEN {same}
    WHEN abs(CAST(l.{column} AS INTEGER) - CAST(r.{column} AS INTEGER)) = 1 THEN {close}
    ELSE {other}
END

-- patterns --
-- Each combination of levels, and how many pairs show it.
SELECT pattern, count(*) AS pairs FROM {table} GROUP BY pattern ORDER BY pattern
