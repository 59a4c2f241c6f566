-- columns --
-- The columns of a file.
DESCRIBE SELECT * FROM {source}

-- raw --
-- One side as it is written, numbered in the order of its ids so that every run is the same.
CREATE OR REPLACE TEMP TABLE {side}_raw AS
SELECT row_number() OVER (ORDER BY {id}) - 1 AS row, {id} AS id, {columns} FROM {source}

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

-- distinct_words --
-- Every word of every name, once: only these are normalised one by one, not the names.
SELECT DISTINCT word FROM (SELECT unnest(string_split_regex(text, '\s+')) AS word FROM texts) AS words
WHERE word <> '' ORDER BY word

-- distinct_birth_dates --
-- Every writing of a birth date, once.
SELECT DISTINCT birth_date FROM {side}_raw WHERE birth_date IS NOT NULL

-- names --
-- The forms of each distinct name, put together from the forms of its words.
CREATE OR REPLACE TEMP TABLE names AS
WITH split AS (
    SELECT text, string_split_regex(text, '\s+') AS words FROM texts
), placed AS (
    SELECT text, unnest(words) AS word, generate_subscripts(words, 1) AS place FROM split
)
SELECT text,
    string_agg(written, ' ' ORDER BY place) AS written,
    string_agg(matched, ' ' ORDER BY place) AS matched,
    string_agg(folded, ' ' ORDER BY place) AS folded,
    string_agg(folded, ' ' ORDER BY folded) AS sorted,
    CASE WHEN count(*) > 1 THEN arg_min(folded, place) END AS first_word,
    CASE WHEN count(*) > 1 THEN arg_max(folded, place) END AS last_word
FROM placed JOIN word_forms USING (word)
WHERE folded <> ''
GROUP BY text

-- people --
-- One side, every field in the form that is compared; what is empty is NULL.
CREATE OR REPLACE TEMP TABLE {side}_people AS
SELECT raw.row, raw.id,
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
CREATE OR REPLACE TEMP TABLE {column}_shares AS
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
CREATE OR REPLACE TEMP TABLE right_people AS SELECT * FROM left_people

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

-- sizes --
-- The records of both sides.
SELECT (SELECT count(*) FROM left_people), (SELECT count(*) FROM right_people)
