-- columns --
-- The columns of a file.
DESCRIBE SELECT * FROM {source}

-- raw --
-- One side as it is written, its rows numbered. Where rows are drawn, the lot is a hash of their ids: every run is
-- the same.
CREATE OR REPLACE TEMP TABLE {side}_raw AS
SELECT row_number() OVER () - 1 AS row, {id} AS id, {columns} FROM {source}

-- id_counts --
-- Rows, and ids that are there and differ.
SELECT count(*), count(DISTINCT id) FROM {side}_raw

-- texts_of --
-- What is written in a column of a side.
SELECT DISTINCT {column} AS text FROM {side}_raw WHERE {column} IS NOT NULL

-- texts --
-- Every written name and part of one, once.
CREATE OR REPLACE TEMP TABLE texts AS {texts}

-- distinct_texts --
-- What is written in some columns, each once.
{texts}

-- distinct_birth_dates --
-- Every writing of a birth date, once.
SELECT DISTINCT birth_date FROM {side}_raw WHERE birth_date IS NOT NULL

-- names --
-- The forms of each distinct name: as written (small letters, the tone of hoà where hòa has it), with y as i at the end
-- of a word, without diacritics, and its words in order of the alphabet. Letters of other scripts stay. What few names
-- need is done to those alone.
CREATE OR REPLACE TEMP TABLE names AS
WITH small AS (
    SELECT text, CASE WHEN regexp_matches(text, '[^\p{L} ]|[ÐðƉɖ]|  ')
        THEN trim(regexp_replace(replace(lower(nfc_normalize(translate(text, 'ÐðƉɖ’‘ʼ`´', 'ĐđĐđ'''''''''''))), '''', ''),
            '[^\p{L}\p{M}\p{N}]+', ' ', 'g'))
        ELSE trim(lower(text)) END AS small
    FROM texts
), toned AS (
    SELECT text, CASE WHEN regexp_matches(small, 'o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ]') THEN {tones} ELSE small END AS written FROM small
), folded AS (
    SELECT text, written,
        CASE WHEN regexp_matches(written, '[bcdđghklmnpqrstvxu][yýỳỷỹỵ]( |$)')
            THEN translate(written, 'yýỳỷỹỵ', 'iíìỉĩị') ELSE written END AS matched,
        upper(strip_accents(replace(CASE WHEN regexp_matches(written, '[øłı]') THEN translate(written, 'øłı', 'oli')
            ELSE written END, 'đ', 'd'))) AS folded
    FROM toned
)
SELECT text, written, matched, folded, array_to_string(list_sort(words), ' ') AS sorted,
    CASE WHEN length(words) > 1 THEN words[1] END AS first_word,
    CASE WHEN length(words) > 1 THEN words[-1] END AS last_word
FROM (SELECT *, string_split(folded, ' ') AS words FROM folded) AS split
WHERE folded <> ''

-- people --
-- One side, every field in the form that is compared; what is empty is NULL.
CREATE OR REPLACE TABLE {side}_people AS
SELECT raw.row, raw.id, CAST(hash(CAST(raw.id AS VARCHAR)) // 2 AS BIGINT) AS lot,
    names.written, names.matched, names.folded, names.sorted,
    coalesce(families.folded, CASE WHEN raw.given IS NULL THEN names.{family_word} END) AS family,
    coalesce(givens.folded, CASE WHEN raw.family IS NULL THEN coalesce(names.{given_word}, names.folded) END) AS given,
    dates.digits AS birth,
    CASE WHEN substr(dates.digits, 5, 4) <> '0000' THEN substr(dates.digits, 1, 4)
        || least(substr(dates.digits, 5, 2), substr(dates.digits, 7, 2))
        || greatest(substr(dates.digits, 5, 2), substr(dates.digits, 7, 2)) END AS birth_unordered,
    TRY_CAST(substr(dates.digits, 1, 4) AS INTEGER) AS birth_year,
    sexes.form AS sex,
    {others}
FROM {side}_raw AS raw
LEFT JOIN names ON names.text = raw.full_name
LEFT JOIN names AS families ON families.text = raw.family
LEFT JOIN names AS givens ON givens.text = raw.given
LEFT JOIN {side}_date_forms AS dates ON dates.written = raw.birth_date
LEFT JOIN sex_forms AS sexes ON sexes.written = raw.sex

-- number_column --
-- Letters and digits alone; a number of one repeated sign only fills the box.
CASE WHEN replace(regexp_replace(upper(raw.{column}), '[^0-9A-Z]', '', 'g'),
    substr(regexp_replace(upper(raw.{column}), '[^0-9A-Z]', '', 'g'), 1, 1), '') <> ''
    THEN regexp_replace(upper(raw.{column}), '[^0-9A-Z]', '', 'g') END AS {column}

-- shares --
-- The share of each value among the people of both sides: agreement on a rare value says more.
CREATE OR REPLACE TABLE {column}_shares AS
SELECT value, CAST(count(*) AS DOUBLE) / sum(count(*)) OVER () AS share
FROM (
    SELECT {column} AS value FROM left_people WHERE {column} IS NOT NULL
    UNION ALL
    SELECT {column} FROM right_people WHERE {column} IS NOT NULL
) AS all_values
GROUP BY value

-- mean_share --
-- How likely two people are to share a value: the mean of its shares.
SELECT coalesce(sum(share * share ORDER BY share), 1) FROM {column}_shares

-- same_people --
-- One file matched with itself stands on both sides.
CREATE OR REPLACE TABLE right_people AS SELECT * FROM left_people

-- doubles --
-- Rows of a side, and those whose number or name stands there again with the same birth date.
SELECT count(*), count(*) FILTER (numbered > 1 OR named > 1)
FROM (
    SELECT
        CASE WHEN number_1 IS NOT NULL AND birth IS NOT NULL
            THEN count(*) OVER (PARTITION BY number_1, birth) END AS numbered,
        CASE WHEN sorted IS NOT NULL AND birth IS NOT NULL AND substr(birth, 5, 4) NOT IN ('0000', '0101')
            THEN count(*) OVER (PARTITION BY sorted, birth) END AS named
    FROM {side}_people
) AS shared

-- homes --
-- Rows of the right side, and those that share family name and home with somebody of another given name and birth date.
SELECT coalesce(sum(people), 0), coalesce(sum(people) FILTER (givens > 1 AND births > 1), 0)
FROM (
    SELECT count(*) AS people, count(DISTINCT given) AS givens, count(DISTINCT birth) AS births
    FROM right_people WHERE family IS NOT NULL AND coalesce({texts}) IS NOT NULL GROUP BY family, {texts}
) AS homes

-- sizes --
-- The records of both sides.
SELECT (SELECT count(*) FROM left_people), (SELECT count(*) FROM right_people)
