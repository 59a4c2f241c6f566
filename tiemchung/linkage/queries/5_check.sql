-- check_macro_is_number --
-- Functions that DuckDB has and Spark names otherwise stand in these macros only. Nine or twelve digits.
CREATE OR REPLACE MACRO is_number(written) AS regexp_full_match(written, '[0-9]{12}|[0-9]{9}')

-- check_macro_number_key --
-- A number as an integer; the one before it keeps leading zeros, and 9 digits apart from 12.
CREATE OR REPLACE MACRO number_key(written) AS CAST('1' || written AS BIGINT)

-- check_macro_is_sound --
-- A number without fault of form, told at once; what this does not know as sound is looked at one by one.
CREATE OR REPLACE MACRO is_sound(written) AS
    regexp_full_match(written, '{sound}') AND NOT regexp_full_match(written, '{placeholders}')

-- check_macro_is_plain --
-- Vietnamese letters and digits in words with single spaces: the names that the statements below can judge.
CREATE OR REPLACE MACRO is_plain(name) AS regexp_full_match(name, '[{letters}0-9]+( [{letters}0-9]+)*')

-- check_macro_fold_plain --
-- The name in capitals without diacritics; right for plain names only.
CREATE OR REPLACE MACRO fold_plain(name) AS replace(upper(strip_accents(name)), 'Đ', 'D')

-- check_macro_may_hold_keys --
-- Whether Telex or VNI keys may stand in a plain name: nothing else is ever read as such.
CREATE OR REPLACE MACRO may_hold_keys(name) AS regexp_matches(lower(name),
    '[aeiouyăâêôơư][^ ]*[sfrxj]|w|a[^ ]*a|e[^ ]*e|o[^ ]*o|dd|[0-9]')

-- check_macro_is_part_of --
-- Whether the words of one folded name stand in the other in the same order, others between them.
CREATE OR REPLACE MACRO is_part_of(part, whole) AS
    '  ' || replace(whole, ' ', '  ') || '  ' LIKE '% ' || replace(part, ' ', ' % ') || ' %'

-- check_macro_unlike_digits --
-- In how many of eight digits two dates differ.
CREATE OR REPLACE MACRO unlike_digits(one, other) AS
    hamming(lpad(CAST(one AS VARCHAR), 8, '0'), lpad(CAST(other AS VARCHAR), 8, '0'))

-- check_describe --
-- The columns of files.
DESCRIBE SELECT * FROM {source}

-- check_reading --
-- The columns of one side's files as the other statements know them.
(SELECT {columns} FROM {source})

-- check_odd_numbers --
-- Every written number that is not sound at sight, once.
SELECT DISTINCT number FROM {asked} WHERE number IS NOT NULL AND NOT is_sound(number)

-- check_birth_dates --
-- Every writing of a birth date, once.
SELECT DISTINCT birth_date FROM {asked} WHERE birth_date IS NOT NULL

-- check_sexes --
-- Every writing of a sex.
SELECT DISTINCT sex FROM {asked} WHERE sex IS NOT NULL UNION SELECT DISTINCT sex FROM {known} WHERE sex IS NOT NULL

-- check_asked --
-- What is asked, its number as an integer, its form, date and sex as codes. Whoever is foreign is not asked about.
CREATE OR REPLACE TEMP TABLE asked AS
SELECT source.record, source.is_foreign,
    CASE WHEN odd.written IS NOT NULL THEN odd.key WHEN source.number IS NOT NULL THEN number_key(source.number) END
        AS key,
    CASE WHEN source.number IS NULL THEN {missing} ELSE coalesce(odd.form, 0) END AS form,
    coalesce(source.full_name, '') AS name, coalesce(births.code, 0) AS born, coalesce(sexes.code, 0) AS sex
FROM {asked} AS source
LEFT JOIN odd_numbers AS odd ON odd.written = source.number
LEFT JOIN birth_forms AS births ON births.written = source.birth_date
LEFT JOIN sex_forms AS sexes ON sexes.written = source.sex

-- check_known --
-- The history of numbers: today's and the former ones of every citizen, each a row with what is known of him.
CREATE OR REPLACE TEMP VIEW known AS
SELECT number_key(number) AS key, citizen, true AS today, full_name, birth_date, sex FROM {known}
WHERE number IS NOT NULL AND is_number(number)
UNION ALL
SELECT number_key(former) AS key, citizen, false AS today, full_name, birth_date, sex
FROM (SELECT citizen, number, full_name, birth_date, sex,
          unnest(string_split(former_numbers, ' ')) AS former FROM {known} WHERE former_numbers IS NOT NULL) AS formers
WHERE is_number(former) AND former IS DISTINCT FROM number

-- check_pairs --
-- Each record with who has its number; names and dates are kept only where they differ as written.
CREATE OR REPLACE TEMP TABLE pairs AS
SELECT asked.record, asked.key, asked.form, asked.born, asked.sex, known.citizen, known.today,
    NOT regexp_matches(asked.name, '[\p{L}\p{N}]') AS nameless,
    contains(trim(asked.name), ' ') AS has_family,
    CASE WHEN known.citizen IS NOT NULL AND asked.name <> known.full_name THEN asked.name END AS name,
    CASE WHEN known.citizen IS NOT NULL AND asked.name <> known.full_name THEN known.full_name END AS known_name,
    CAST(rpad(replace(known.birth_date, '-', ''), 8, '0') AS INTEGER) AS known_born,
    coalesce(sexes.code, 0) AS known_sex
FROM (SELECT * FROM asked WHERE NOT is_foreign) AS asked
LEFT JOIN known ON known.key = asked.key
LEFT JOIN sex_forms AS sexes ON sexes.written = known.sex

-- check_name_pairs --
-- Every pair of names that differ as written, once.
CREATE OR REPLACE TEMP TABLE name_pairs AS
SELECT row_number() OVER () AS pair, name, known_name
FROM (SELECT DISTINCT name, known_name FROM pairs WHERE name IS NOT NULL) AS unlike

-- check_plain_pairs --
-- The pairs that can be judged by statements, folded and in words.
CREATE OR REPLACE TEMP TABLE plain_pairs AS
SELECT *, string_split(folded, ' ') AS words, string_split(known_folded, ' ') AS known_words
FROM (
    SELECT pair, name, known_name, fold_plain(name) AS folded, fold_plain(known_name) AS known_folded
    FROM name_pairs WHERE is_plain(name) AND is_plain(known_name) AND NOT may_hold_keys(name)
) AS folds

-- check_unlike_words --
-- Where two names have equally many words: those that differ, word against word.
CREATE OR REPLACE TEMP TABLE unlike_words AS
SELECT pair, word, known_word
FROM (
    SELECT pair, unnest(words) AS word, unnest(known_words) AS known_word
    FROM plain_pairs WHERE folded <> known_folded AND len(words) = len(known_words)
) AS by_place
WHERE word <> known_word

-- check_distinct_words --
-- Every pair of unlike words, once.
SELECT DISTINCT word, known_word FROM unlike_words

-- check_word_pairs --
-- How many words of a pair of names differ, and whether all of them sound alike, may be doublets, are one slip apart.
CREATE OR REPLACE TEMP TABLE word_pairs AS
SELECT pair, count(*) AS unlike, bool_and(sound) AS sound, bool_and(doublet) AS doublet, bool_and(slip) AS slip
FROM unlike_words JOIN word_kinds USING (word, known_word)
GROUP BY pair

-- check_name_kinds --
-- The kind of each plain pair in the order of `name_kinds`; NULL where only the record-by-record check can tell.
CREATE OR REPLACE TEMP TABLE name_kinds AS
WITH counted AS (
    SELECT plain_pairs.*, coalesce(unlike, 0) AS unlike, coalesce(sound, false) AS sound,
        coalesce(doublet, false) AS doublet, coalesce(slip, false) AS slip,
        len(words) AS size, len(known_words) AS known_size,
        len(list_intersect(words, known_words)) AS shared,
        len(list_distinct(words)) < len(words) OR len(list_distinct(known_words)) < len(known_words) AS repeated
    FROM plain_pairs LEFT JOIN word_pairs USING (pair)
)
SELECT pair, shared >= 2 AS two_words, words[1] = known_words[1] AND size > 1 AND known_size > 1 AS same_family,
    CASE
        WHEN lower(name) = lower(known_name) THEN 'letter_case'
        WHEN folded = known_folded AND regexp_full_match(name, '[a-zA-Z0-9 ]+') THEN 'accents_lost'
        WHEN folded = known_folded OR replace(folded, 'Y', 'I') = replace(known_folded, 'Y', 'I') THEN NULL
        WHEN repeated OR list_contains({special}, words[1]) OR list_contains({special}, known_words[1]) THEN NULL
        WHEN replace(folded, ' ', '') = replace(known_folded, ' ', '') THEN 'spacing'
        WHEN list_sort(words) = list_sort(known_words) THEN 'order'
        WHEN doublet OR regexp_matches(folded, '(^| )[A-Z0-9]( |$)') THEN NULL
        WHEN size < known_size AND length(words[1]) = known_size - size + 1
            AND substr(words[1], 1, 1) = substr(known_words[1], 1, 1)
            AND substr(words[1], 2, 1) = substr(known_words[2], 1, 1) THEN NULL
        WHEN size < known_size AND is_part_of(folded, known_folded) THEN 'part_missing'
        WHEN words[1] = known_words[1] AND words[size] <> known_words[known_size]
            AND list_contains({home_names}, words[size]) THEN NULL
        WHEN size > known_size AND size <= known_size + 2 AND is_part_of(known_folded, folded) THEN 'part_added'
        WHEN sound THEN 'sound_alike'
        WHEN unlike = 1 AND slip THEN 'letter_slip'
        WHEN shared > 0 AND shared * 2 >= greatest(size, known_size) THEN 'part_differs'
        ELSE 'other'
    END AS kind
FROM counted

-- check_names_left --
-- The pairs of names that the record-by-record check must name.
SELECT pair, name, known_name FROM name_pairs
WHERE pair NOT IN (SELECT pair FROM name_kinds WHERE kind IS NOT NULL)

-- check_name_codes --
-- The kind of every pair of names, by whichever way it was found.
CREATE OR REPLACE TEMP TABLE name_codes AS
SELECT name, known_name, kinds.code AS kind, found.two_words, found.same_family
FROM name_pairs
JOIN (SELECT pair, kind, two_words, same_family FROM name_kinds WHERE kind IS NOT NULL
      UNION ALL SELECT pair, kind, two_words, same_family FROM names_named) AS found USING (pair)
JOIN kind_codes AS kinds ON kinds.field = 'full_name' AND kinds.kind = found.kind

-- check_dates_left --
-- Every pair of birth dates that differ and are not wholly unlike: unlike in day, month, year and three digits or more.
SELECT born, known_born
FROM (SELECT DISTINCT born, known_born FROM pairs WHERE citizen IS NOT NULL AND born <> known_born AND born > 0) AS pair
WHERE NOT (born % 100 > 0 AND known_born % 100 > 0
    AND born % 100 <> known_born % 100 AND born // 100 % 100 <> known_born // 100 % 100
    AND born // 10000 <> known_born // 10000 AND unlike_digits(born, known_born) > 2
    AND abs(born // 10000 - known_born // 10000) > 1)

-- check_judged --
-- Each pair with all that its verdict depends on packed into one integer.
CREATE OR REPLACE TEMP TABLE judged AS
SELECT pairs.record, pairs.key, pairs.form, pairs.born, pairs.sex, pairs.citizen, {packed} AS packed
FROM (
    SELECT pairs.*,
        CASE WHEN citizen IS NULL THEN 2 WHEN today THEN 0 ELSE 1 END AS number_code,
        CASE WHEN citizen IS NULL THEN 0 WHEN nameless THEN {name_missing}
             WHEN pairs.name IS NULL THEN 0 ELSE names.kind END AS name_code,
        CASE WHEN citizen IS NULL OR pairs.born = pairs.known_born THEN 0
             WHEN pairs.born = 0 THEN {date_missing} ELSE coalesce(dates.kind, {date_other}) END AS date_code,
        CASE WHEN citizen IS NULL THEN 0 WHEN pairs.sex = 0 THEN {sex_missing}
             WHEN known_sex = 0 OR pairs.sex = known_sex THEN 0 ELSE {sex_other} END AS sex_code,
        CASE WHEN names.two_words THEN 1 ELSE 0 END AS two_words,
        CASE WHEN citizen IS NOT NULL AND pairs.name IS NULL AND has_family THEN 1
             WHEN names.same_family THEN 1 ELSE 0 END AS same_family,
        CASE WHEN citizen IS NOT NULL AND pairs.born > 0 AND pairs.born // 10000 - pairs.known_born // 10000 >= {gap}
            THEN 1 ELSE 0 END AS younger,
        CASE WHEN form = 0 AND key >= 1000000000000 AND pairs.born > 0
                AND pairs.born // 10000 - (1900 + key // 100000000 % 10 // 2 * 100 + key // 1000000 % 100) >= {gap}
            THEN 1 ELSE 0 END AS states_older,
        CASE WHEN nameless THEN 1 ELSE 0 END AS no_name
    FROM pairs
    LEFT JOIN name_codes AS names ON names.name = pairs.name AND names.known_name = pairs.known_name
    LEFT JOIN date_codes AS dates ON dates.born = pairs.born AND dates.known_born = pairs.known_born
) AS pairs

-- check_combinations --
-- Every combination, once: some thousands in a nation.
SELECT DISTINCT packed FROM judged

-- check_nobody --
-- For records whose number several citizens have: the combination that stands for nobody.
SELECT DISTINCT {nobody} AS packed FROM judged WHERE key IN (SELECT key FROM shared)

-- check_shared --
-- Numbers that several citizens have (271450001 to 271500000 were issued twice).
CREATE OR REPLACE TEMP TABLE shared AS
SELECT key, count(DISTINCT citizen) AS citizens FROM judged WHERE citizen IS NOT NULL
    AND key IN (SELECT key FROM judged WHERE citizen IS NOT NULL GROUP BY key HAVING min(citizen) <> max(citizen))
GROUP BY key

-- check_stated --
-- Numbers that several records state.
CREATE OR REPLACE TEMP TABLE stated AS
SELECT key, count(*) AS records FROM asked WHERE key IS NOT NULL AND NOT is_foreign GROUP BY key HAVING count(*) > 1

-- check_settled --
-- One row for each record: of several citizens the one whom all fits, if it is one alone, else nobody.
CREATE OR REPLACE TEMP TABLE settled AS
SELECT record, key, form, born, sex, citizen, packed, 1 AS citizens FROM judged
WHERE key IS NULL OR key NOT IN (SELECT key FROM shared)
UNION ALL
SELECT record, any_value(judged.key), any_value(judged.form), any_value(judged.born), any_value(judged.sex),
    CASE WHEN count(*) FILTER (verdict = 'right') = 1 THEN min(citizen) FILTER (verdict = 'right') END,
    CASE WHEN count(*) FILTER (verdict = 'right') = 1 THEN min(packed) FILTER (verdict = 'right')
         ELSE min({nobody}) END,
    any_value(citizens)
FROM judged JOIN shared USING (key) JOIN combinations USING (packed)
GROUP BY record

-- check_answers --
-- The answers of a partition, with what speaks beside them.
COPY (
    SELECT settled.record, combinations.* EXCLUDE (packed),
        CASE WHEN outward_verdict = 'right' THEN citizen END AS handle,
        citizen, citizens AS citizens_with_number, coalesce(stated.records, 1) AS records_with_number,
        form = 0 AND key >= 1000000000000 AND settled.sex > 0 AND key // 100000000 % 2 <> settled.sex - 1 AS states_other_sex,
        form = 0 AND key >= 1000000000000 AND born > 0
            AND born // 10000 <> 1900 + key // 100000000 % 10 // 2 * 100 + key // 1000000 % 100 AS states_other_year,
        coalesce(key BETWEEN 1271450001 AND 1271500000, false) AS issued_twice
    FROM settled JOIN combinations USING (packed) LEFT JOIN stated USING (key)
    UNION ALL BY NAME
    SELECT record, 'not_sent' AS verdict, 'not_sent' AS outward_verdict FROM asked WHERE is_foreign
) TO {file} (FORMAT parquet, COMPRESSION zstd)

-- check_split_asked --
-- What is asked in parts by number; records without one by themselves.
COPY (
    SELECT record, number, full_name, birth_date, sex, is_foreign,
        CASE WHEN key IS NULL THEN hash(CAST(record AS VARCHAR)) % {parts} ELSE key % {parts} END AS part
    FROM (SELECT source.*, CASE WHEN odd.written IS NOT NULL THEN odd.key WHEN number IS NOT NULL
              THEN number_key(number) END AS key
          FROM {asked} AS source LEFT JOIN odd_numbers AS odd ON odd.written = source.number) AS keyed
) TO {folder} (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (part))

-- check_split_known --
-- The history of numbers in the same parts.
COPY (SELECT *, key % {parts} AS part FROM known) TO {folder} (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (part))

-- check_known_part --
-- One part of the history of numbers.
CREATE OR REPLACE TEMP VIEW known AS SELECT key, citizen, today, full_name, birth_date, sex FROM {source}

-- check_counts --
-- How many answers of each verdict files hold, inside and outward.
SELECT verdict, outward_verdict, count(*) FROM {source} GROUP BY verdict, outward_verdict ORDER BY 1, 2

-- check_rows --
-- How many rows both sides have: what a partition must hold.
SELECT (SELECT count(*) FROM {asked}) + (SELECT count(*) FROM {known})
