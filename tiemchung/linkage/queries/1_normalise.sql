-- columns --
-- The columns of a file.
DESCRIBE SELECT * FROM {source}

-- raw --
-- The columns of a file that cannot be read by columns, read once.
CREATE OR REPLACE TEMP TABLE {side}_raw AS SELECT {columns} FROM {source}

-- id_counts --
-- Rows, and ids that are there and differ.
SELECT count(*), count(DISTINCT id) FROM {side}_rows

-- writings --
-- Every way in which a name or a part of one is written, once, and how many people of both sides have it for a full name.
CREATE OR REPLACE TEMP TABLE writings AS
SELECT text, count(*) FILTER (whole) AS bearers FROM ({texts}) AS texts WHERE text IS NOT NULL GROUP BY text

-- writings_of --
-- What is written in a column of a side.
SELECT {text} AS text, {whole} AS whole FROM {source}

-- keyed_words --
-- The words of names in plain letters that may hold keys of the typing mode: a doubled letter, w, a digit, or a sign of a
-- tone after a vowel. No Vietnamese word without diacritics looks so.
SELECT DISTINCT word
FROM (
    SELECT unnest(string_split(lower(text), ' ')) AS word FROM writings
    WHERE strlen(text) = length(text) AND regexp_matches(text, '(?i)aa|ee|oo|dd|w|[a-z][0-9]|[aeiouy][a-z]*[sfrxj]')
) AS words
WHERE regexp_matches(word, 'aa|ee|oo|dd|w|[a-z][0-9]|[aeiouy][a-z]*[sfrxj]')

-- meant_names --
-- The names that hold such a word, as they were meant.
CREATE OR REPLACE TEMP TABLE meant_names AS
SELECT text, string_agg(coalesce(meant, words.word), ' ' ORDER BY place) AS meant
FROM (
    SELECT text, unnest(string_split(lower(text), ' ')) AS word, generate_subscripts(string_split(text, ' '), 1) AS place
    FROM writings
    WHERE strlen(text) = length(text) AND regexp_matches(text, '(?i)aa|ee|oo|dd|w|[a-z][0-9]|[aeiouy][a-z]*[sfrxj]')
) AS words LEFT JOIN meant_words ON meant_words.word = words.word
GROUP BY text HAVING count(meant) > 0

-- form_small --
-- Small letters; Ð is Đ; signs, brackets and double spaces go. Letters of other scripts stay. What few names need is done
-- to those alone.
CASE WHEN regexp_matches({text}, '[^\p{L} ]|[ÐðƉɖ]|  |^ | $')
    THEN nullif(trim(regexp_replace(replace(lower(nfc_normalize(translate({text}, 'ÐðƉɖ’‘ʼ`´', 'ĐđĐđ'''''''''''))), '''', ''),
        '[^\p{L}\p{M}\p{N}]+', ' ', 'g')), '')
    ELSE lower({text}) END

-- form_written --
-- The tone of hoà where hòa has it.
CASE WHEN regexp_matches({text}, 'o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ]') THEN {tones} ELSE {text} END

-- form_matched --
-- With y as i where it ends a word after a consonant or stands in quy, and nowhere else: Nguyễn keeps its own. Each tone
-- has a letter of its own.
CASE WHEN regexp_matches({text}, '([bcdđghklmnpqrstvx]|qu)[yýỳỷỹỵ]( |$)|qu[yýỳỷỹỵ](nh|ch|[ntp])( |$)') THEN {ends}
    ELSE {text} END

-- form_folded --
-- Without diacritics; what is plain already stays.
CASE WHEN strlen({text}) = length({text}) THEN {text}
    ELSE strip_accents(replace(CASE WHEN regexp_matches({text}, '[øłı]') THEN translate({text}, 'øłı', 'oli')
        ELSE {text} END, 'đ', 'd')) END

-- text_id --
-- A text as a number: of two hashes, of the text and of the text shifted, as one alone makes some names of sixteen letters
-- fall together that differ in two of them.
hash({text}, substr({text}, 2))

-- name_id --
-- A written name as a number; what holds no letter is no name.
CASE WHEN regexp_matches({text}, '[\p{L}\p{M}\p{N}]') THEN {id} END

-- names --
-- The forms of each distinct name: without diacritics, its family and its given name; and as numbers, of which equal ones
-- are equal texts, the name as written, with y as i, and in whatever order.
CREATE OR REPLACE TABLE names AS
WITH read AS (
    SELECT text, bearers, coalesce(meant, text) AS read FROM writings LEFT JOIN meant_names USING (text)
    WHERE regexp_matches(text, '[\p{L}\p{M}\p{N}]')
), small AS (SELECT text, bearers, {small} AS small FROM read
), folded AS (SELECT *, {folded} AS folded, {two_ways} AS two_ways FROM small
), divided AS (
    SELECT *, string_split(folded, ' ') AS words, CASE WHEN two_ways THEN {tones} ELSE small END AS spelt FROM folded
), named AS (SELECT *, {spelt_id} AS written FROM divided
)
SELECT {name} AS name, text, bearers, folded, written,
    CASE WHEN two_ways THEN {matched_id} ELSE written END AS matched,
    {family} AS family, {given} AS given, {any_order} AS sorted
FROM named

-- two_ways --
-- Whether a name may be written in two ways: hoà or hòa, Mỹ or Mĩ.
regexp_matches(small, 'o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ]|[yýỳỷỹỵ](?: |$)|quy')

-- first_word --
-- The first of several words.
CASE WHEN len(words) > 1 THEN words[1] END

-- last_word --
-- The last of several words.
CASE WHEN len(words) > 1 THEN words[-1] END

-- any_order --
-- One number for the words of a name in whatever order: the sum of those of its first eight words.
(hash(words[1]) >> 8) + (hash(words[2]) >> 8) + (hash(words[3]) >> 8) + (hash(words[4]) >> 8)
    + CASE WHEN len(words) < 5 THEN 0
        ELSE (hash(words[5]) >> 8) + (hash(words[6]) >> 8) + (hash(words[7]) >> 8) + (hash(words[8]) >> 8) END

-- date_writings --
-- Every writing of a birth date, once, and how many people of a side have it.
CREATE OR REPLACE TEMP TABLE {side}_date_writings AS
SELECT written, count(*) AS people FROM (SELECT {birth_date} AS written FROM {source}) AS dates
WHERE written IS NOT NULL GROUP BY written

-- some_date_writings --
-- Some of them, always the same: enough to see whether the month stands first.
SELECT written FROM {side}_date_writings ORDER BY hash(written), written LIMIT 5000

-- plain_dates --
-- The writings that need no second look, as yyyymmdd: 1960-08-05, and 05/08/1960 where no month stands first.
CREATE OR REPLACE TEMP TABLE {side}_plain_dates AS
SELECT written, people,
    CASE WHEN regexp_full_match(written, '(18|19|20)\d\d-\d\d-\d\d') THEN replace(written, '-', '')
        WHEN {day_first} AND regexp_full_match(written, '\d\d/\d\d/(19|20)\d\d')
            THEN strftime(TRY_STRPTIME(written, '%d/%m/%Y'), '%Y%m%d') END AS digits
FROM {side}_date_writings

-- other_date_writings --
-- The writings that do.
SELECT written FROM {side}_plain_dates WHERE digits IS NULL

-- dates --
-- Each writing's yyyymmdd as a number, 00 where not known.
CREATE OR REPLACE TABLE {side}_dates AS
SELECT plain.written, people, TRY_CAST(coalesce(plain.digits, others.digits) AS INTEGER) AS birth
FROM {side}_plain_dates AS plain LEFT JOIN {side}_date_forms AS others ON others.written = plain.written
WHERE TRY_CAST(coalesce(plain.digits, others.digits) AS INTEGER) IS NOT NULL

-- sex_form --
-- The word for a sex; codes of other registers stay as they are, so that equal ones agree.
CASE WHEN {plain} IN ({male}) THEN 'male' WHEN {plain} IN ({female}) THEN 'female'
    WHEN {plain} IN ({unknown}) THEN NULL ELSE {plain} END

-- people --
-- One side, every field in the form that is compared; what is empty is NULL.
CREATE OR REPLACE TABLE {side}_rows AS
SELECT raw.id, {names}, dates.birth, raw.sex{others}
FROM (SELECT {columns} FROM {source}) AS raw
{name_joins}
LEFT JOIN {side}_dates AS dates ON dates.written = raw.birth_date

-- name_join --
-- The forms of a whole name.
LEFT JOIN names ON names.text = raw.full_name

-- part_join --
-- The forms of a part of the name that has a column of its own.
LEFT JOIN names AS {part}_names ON {part}_names.text = raw.{part}

-- forms_of_names --
-- What is compared of a name.
names.name, names.folded, names.written, names.matched, names.sorted, {family} AS family, {given} AS given

-- plain_people --
-- The people of a side by the place of their row, for most steps without the forms of their names. Where rows are drawn,
-- the lot is a hash of their ids: every run is the same.
CREATE OR REPLACE VIEW {side}_plain AS
SELECT CAST(rowid AS INTEGER) AS row, CAST(hash(CAST(id AS VARCHAR)) // 2 AS BIGINT) AS lot, * FROM {rows}_rows

-- plain --
-- All people of a side.
SELECT * FROM {side}_plain

-- formed_people --
-- People each with the forms of his name.
SELECT people.*, names.folded, names.written, names.matched, names.sorted, names.family, names.given
FROM ({people}) AS people LEFT JOIN names ON names.name = people.name

-- people_view --
-- The same people with the forms of their names.
CREATE OR REPLACE VIEW {side}_people AS {people}

-- number_column --
-- Letters and digits alone; a number of one repeated sign only fills the box; 12.0 is the 12 of a column of fractions. What
-- is digits already, the first two unlike, stays.
CASE WHEN regexp_full_match({column}, '[0-9]+') AND substr({column}, 1, 1) <> substr({column}, 2, 1) THEN {column}
    WHEN replace(regexp_replace(upper({column}), '\.0+$|[^0-9A-Z]', '', 'g'),
        substr(regexp_replace(upper({column}), '[^0-9A-Z]', '', 'g'), 1, 1), '') <> ''
    THEN regexp_replace(upper({column}), '\.0+$|[^0-9A-Z]', '', 'g') END

-- text_form --
-- A place or any other text: small letters without diacritics, signs as single spaces. What is one plain word stays.
CASE WHEN regexp_full_match({column}, '[0-9a-z]+') THEN {column}
    ELSE nullif(trim(regexp_replace(strip_accents(replace(lower({column}), 'đ', 'd')), '[^\p{L}\p{N}]+', ' ', 'g')), '') END

-- phone_form --
-- The last nine digits: +84 912 345 678 is 0912345678. A number of one repeated digit only fills the box.
CASE WHEN length(replace(regexp_replace({column}, '[^0-9]', '', 'g'), right(trim({column}), 1), '')) > 0
    THEN right(regexp_replace(regexp_replace({column}, '\.0+$', ''), '[^0-9]', '', 'g'), 9) END

-- email_form --
-- Without spaces and capitals.
nullif(regexp_replace(lower({column}), '\s+', '', 'g'), '')

-- postcode_form --
-- Letters and digits alone: SW1A 1AA is SW1A1AA.
nullif(regexp_replace(upper({column}), '\.0+$|[^0-9A-Z]', '', 'g'), '')

-- age_form --
-- Whole years.
CAST(TRY_CAST(regexp_extract({column}, '^\s*(\d{1,3})', 1) AS INTEGER) AS VARCHAR)

-- name_shares --
-- The share of each name, or of its first or last word, among the people of both sides: agreement on a rare value says more.
CREATE OR REPLACE TABLE {column}_shares AS
SELECT value, CAST(sum(bearers) AS DOUBLE) / sum(sum(bearers)) OVER () AS share
FROM (SELECT {form} AS value, bearers FROM names) AS forms WHERE value IS NOT NULL AND bearers > 0 GROUP BY value

-- birth_shares --
-- The share of each birth date.
CREATE OR REPLACE TABLE birth_shares AS
SELECT birth AS value, CAST(sum(people) AS DOUBLE) / sum(sum(people)) OVER () AS share
FROM ({dates}) AS dates GROUP BY birth

-- dates_of --
-- The birth dates of a side.
SELECT birth, people FROM {side}_dates

-- text_shares --
-- The share of each value of another field.
CREATE OR REPLACE TABLE {column}_shares AS
SELECT value, CAST(sum(people) AS DOUBLE) / sum(sum(people)) OVER () AS share
FROM ({people}) AS people GROUP BY value

-- texts_of --
-- The values of a field of a side, and how many people have each.
SELECT {column} AS value, count(*) AS people FROM {side}_plain WHERE {column} IS NOT NULL GROUP BY {column}

-- mean_share --
-- How likely two people are to share a value: the mean of its shares. And the least and the largest of them.
SELECT coalesce(sum(share * share ORDER BY share), 1), coalesce(min(share), 1), coalesce(max(share), 1) FROM {column}_shares

-- doubles --
-- Rows of a side, and those whose number or name stands there again with the same birth date.
SELECT count(*), count(*) FILTER (numbered > 1 OR named > 1)
FROM (
    SELECT
        CASE WHEN {number} IS NOT NULL AND birth IS NOT NULL
            THEN count(*) OVER (PARTITION BY {number}, birth) END AS numbered,
        CASE WHEN sorted IS NOT NULL AND birth IS NOT NULL AND birth % 10000 NOT IN (0, 101)
            THEN count(*) OVER (PARTITION BY sorted, birth) END AS named
    FROM {side}_people
) AS shared

-- homes --
-- Of every so many homes: rows of the right side, and those that share family name and home with somebody of another given
-- name and birth date.
SELECT coalesce(sum(people), 0), coalesce(sum(people) FILTER (other_given AND other_birth), 0)
FROM (
    SELECT count(*) AS people, min(given) <> max(given) AS other_given, min(birth) <> max(birth) AS other_birth
    FROM right_people WHERE hash(family, {texts}) % {step} = 0 AND family IS NOT NULL AND coalesce({texts}) IS NOT NULL
    GROUP BY family, {texts}
) AS homes

-- sizes --
-- The records of both sides.
SELECT (SELECT count(*) FROM left_plain), (SELECT count(*) FROM right_plain)
