-- pair_levels --
-- The pairs with how their fields agree: one number for the levels of all fields, each a digit of it; 0 where one side is
-- silent.
CREATE OR REPLACE TEMP TABLE {table} (l INTEGER, r INTEGER, pattern BIGINT)

-- levels --
-- How the fields of the people `l` and `r` agree.
INSERT INTO {table} SELECT l.row, r.row, {pattern}
{people}

-- level_name --
-- The whole name in one comparison: its parts depend on one another.
CASE
    WHEN l.folded IS NULL OR r.folded IS NULL THEN 0
    WHEN l.written = r.written THEN {same}
    WHEN l.matched = r.matched THEN {spelling}
    WHEN l.folded = r.folded THEN {accents}
    WHEN l.sorted = r.sorted THEN {order}
    WHEN l.family = r.family AND l.given = r.given THEN {middle_differs}
    WHEN l.given = r.given AND jaro_winkler_similarity(l.family, r.family) >= 0.85 THEN {family_close}
    WHEN l.family = r.family AND jaro_winkler_similarity(l.given, r.given) >= 0.85 THEN {given_close}
    WHEN jaro_winkler_similarity(l.given, r.given) >= 0.8
        AND jaro_winkler_similarity(l.family, r.family) >= 0.8 THEN {both_close}
    WHEN abs(strlen(l.folded) - strlen(r.folded)) <= 8 AND jaro_winkler_similarity(l.folded, r.folded) >= 0.9
        THEN {both_close}
    -- In another order too: only where one part of the name stands in the place of the other.
    WHEN (l.given = r.family OR l.family = r.given)
        AND jaro_winkler_similarity(array_to_string(list_sort(string_split(l.folded, ' ')), ' '),
            array_to_string(list_sort(string_split(r.folded, ' ')), ' ')) >= 0.9 THEN {both_close}
    WHEN (l.given IS NULL OR r.given IS NULL) AND l.family = r.family
        OR (l.family IS NULL OR r.family IS NULL) AND l.given = r.given THEN {half}
    WHEN l.given = r.given THEN {given}
    WHEN l.family = r.family THEN {family}
    ELSE {other}
END

-- level_birth_date --
-- Birth dates as yyyymmdd, 00 where not known.
CASE
    WHEN l.birth IS NULL OR r.birth IS NULL THEN 0
    WHEN l.birth = r.birth THEN {same}
    WHEN l.birth_unordered = r.birth_unordered THEN {swap}
    WHEN l.birth_year = r.birth_year AND (substr(l.birth, 5, 4) IN ('0000', '0101')
        OR substr(r.birth, 5, 4) IN ('0000', '0101')) THEN {vague}
    WHEN length(l.birth) = length(r.birth) AND hamming(l.birth, r.birth) = 1 THEN {slip}
    WHEN substr(l.birth, 5, 4) = substr(r.birth, 5, 4)
        AND abs(l.birth_year - r.birth_year) IN (1, 10, 100) THEN {slip}
    WHEN length(l.birth) = length(r.birth) AND hamming(l.birth, r.birth) = 2
        AND damerau_levenshtein(l.birth, r.birth) = 1 THEN {slip}
    WHEN substr(l.birth, 1, 6) = substr(r.birth, 1, 6) OR substr(l.birth, 5, 4) = substr(r.birth, 5, 4)
        OR (l.birth_year = r.birth_year AND substr(l.birth, 7, 2) = substr(r.birth, 7, 2)) THEN {two_parts}
    WHEN abs(l.birth_year - r.birth_year) >= 14 THEN {generation}
    WHEN length(l.birth) = length(r.birth) AND hamming(l.birth, r.birth) <= 2 THEN {two_parts}
    WHEN l.birth_year = r.birth_year THEN {one_part}
    ELSE {other}
END

-- level_sex --
-- Sex.
CASE WHEN l.sex IS NULL OR r.sex IS NULL THEN 0 WHEN l.sex = r.sex THEN {same} ELSE {other} END

-- level_number --
-- Any number of one side against any of the other; slips between the numbers of today.
CASE
    WHEN l.number_1 IS NULL OR r.number_1 IS NULL THEN 0
    WHEN {shared_number} THEN {same}
    WHEN length(l.number_1) = length(r.number_1) AND hamming(l.number_1, r.number_1) = 1 THEN {slip}
    WHEN abs(length(l.number_1) - length(r.number_1)) <= 1
        AND jaro_winkler_similarity(l.number_1, r.number_1) >= 0.9
        AND damerau_levenshtein(l.number_1, r.number_1) = 1 THEN {slip}
    WHEN length(l.number_1) = length(r.number_1) AND length(l.number_1) >= 9
        AND right(l.number_1, 6) = right(r.number_1, 6) THEN {serial}
    ELSE {other}
END

-- level_contradiction --
-- Whether the left record's 12-digit number states both another sex and another birth year than the record. An odd digit
-- is an odd sign, too.
CASE
    WHEN l.sex IS NULL OR l.birth_year IS NULL OR l.number_1 IS NULL THEN 0
    WHEN (ascii(substr(l.number_1, 4, 1)) % 2 = 1) <> (l.sex = 'female') AND regexp_full_match(l.number_1, '[0-9]{12}')
        THEN CASE WHEN CAST(substr(l.number_1, 5, 2) AS INTEGER) <> l.birth_year % 100 THEN {both} ELSE 0 END
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
