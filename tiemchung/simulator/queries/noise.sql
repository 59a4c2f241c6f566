-- noise_lot --
-- DuckDB. What chance decides: a hash as a whole number from 0 up.
CREATE OR REPLACE TEMP MACRO lot(x) AS CAST(hash(x) // 2 AS BIGINT)

-- noise_population --
-- DuckDB, not PostgreSQL. The citizens, and who of them the population register lacks; rank and family in the household.
CREATE OR REPLACE TEMP TABLE people AS
SELECT *,
    (lot(citizen * 64 + 1 + {seed} * 1000000000000) % 1000000) / 1e6 < {absent} AS absent,
    first_value(citizen) OVER (PARTITION BY household ORDER BY birth_date, citizen) AS eldest,
    count(*) OVER (PARTITION BY household) AS household_size,
    row_number() OVER (PARTITION BY household ORDER BY citizen) AS place_at_home
FROM read_parquet({citizens})

-- noise_records --
-- DuckDB. One record a citizen, for some a second one elsewhere; its site and what kind of site that is.
CREATE OR REPLACE TEMP TABLE records AS
WITH turns AS (
    SELECT people.*, turn,
        lot(citizen * 64 + 2 + turn + {seed} * 1000000000000) AS draw
    FROM people, (SELECT unnest([0, 1]) AS turn) AS turns
    WHERE turn = 0 OR (lot(citizen * 64 + 4 + {seed} * 1000000000000) % 1000000) / 1e6 < {twice}
), placed AS (
    SELECT *, residence_code || '-' || ((household + turn) % 2) AS site FROM turns
)
SELECT placed.*, row_number() OVER (ORDER BY draw, citizen, turn) AS record, kinds.kind AS site_kind,
    CASE WHEN (draw // 4096 % 1000000) / 1e6 < {moved}
        THEN lag(residence_code, 97, residence_code) OVER (ORDER BY citizen) ELSE residence_code END AS commune
FROM placed
JOIN kinds ON (lot(site || '{seed}') % 1000000) / 1e6 >= kinds.low
    AND (lot(site || '{seed}') % 1000000) / 1e6 < kinds.high

-- noise_causes --
-- DuckDB. What strikes each field of a record: at most one cause a field.
CREATE OR REPLACE TEMP TABLE struck AS
WITH drawn AS (
    SELECT record, site_kind, field, (lot(record * 16 + tag + {seed} * 1000000000000) % 1000000) / 1e6 AS u
    FROM records, (VALUES ('number', 1), ('full_name', 2), ('birth_date', 3), ('sex', 4)) AS fields(field, tag)
), hit AS (
    SELECT drawn.record, drawn.field, rates.cause
    FROM drawn JOIN rates ON rates.field = drawn.field AND rates.kind = drawn.site_kind
        AND drawn.u >= rates.low AND drawn.u < rates.high
)
SELECT record,
    max(cause) FILTER (field = 'number') AS number_cause,
    max(cause) FILTER (field = 'full_name') AS name_cause,
    max(cause) FILTER (field = 'birth_date') AS date_cause,
    max(cause) FILTER (field = 'sex') AS sex_cause
FROM hit GROUP BY record

-- noise_numbers --
-- DuckDB. The number as written. A slip of the hand takes any digit at any place; of the eye, a digit that looks alike.
CREATE OR REPLACE TEMP TABLE spoilt_numbers AS
WITH drawn AS (
    SELECT records.record, records.number, records.old_number, records.citizen, records.eldest, records.household_size,
        records.birth_date, number_cause AS cause,
        lot(record * 16 + 5 + {seed} * 1000000000000) AS a, lot(record * 16 + 6 + {seed} * 1000000000000) AS b
    FROM records JOIN struck USING (record) WHERE number_cause IS NOT NULL
), placed AS (
    SELECT *,
        CASE WHEN {look_alike} THEN CAST(12 - (a % 100) * (a % 100) // 900 AS INTEGER)
            ELSE CAST(a % 12 + 1 AS INTEGER) END AS place
    FROM drawn
), others AS (
    SELECT placed.*, elders.number AS elders_number, elders.birth_date AS elders_birth, strangers.number AS strangers_number
    FROM placed
    LEFT JOIN people AS elders ON elders.citizen = placed.eldest AND elders.citizen <> placed.citizen
    LEFT JOIN people AS strangers ON strangers.citizen = 1 + b % (SELECT count(*) FROM people)
        AND strangers.citizen <> placed.citizen
), written AS (
    SELECT record, number, cause,
        CASE cause
            WHEN 'missing' THEN ''
            WHEN 'digit_slip' THEN substr(number, 1, place - 1) || CASE
                WHEN {look_alike} THEN translate(substr(number, place, 1), '0123456789', '6725386134')
                ELSE CAST((CAST(substr(number, place, 1) AS INTEGER) + 1 + CAST(b % 9 AS INTEGER)) % 10 AS VARCHAR)
                END || substr(number, place + 1)
            WHEN 'transposed_digits' THEN substr(number, 1, least(place, 11) - 1) || substr(number, least(place, 11) + 1, 1)
                || substr(number, least(place, 11), 1) || substr(number, least(place, 11) + 2)
            WHEN 'missing_digits' THEN substr(number, 1, greatest(place, 2) - 1) || substr(number, greatest(place, 2) + 1)
            WHEN 'extra_digits' THEN substr(number, 1, place) || CAST(b % 10 AS VARCHAR) || substr(number, place + 1)
            WHEN 'lost_zero' THEN substr(number, 2)
            WHEN 'letters_for_digits' THEN replace(substr(number, 1, 3), '0', 'O') || substr(number, 4)
            WHEN 'spreadsheet' THEN substr(ltrim(number, '0'), 1, 1) || '.' || substr(ltrim(number, '0'), 2, 5) || 'E+'
                || (length(ltrim(number, '0')) - 1)
            WHEN 'health_insurance' THEN 'GD4' || substr(number, 1, 12)
            WHEN 'placeholder' THEN ['000000000000', '123456789', '111111111111', '123456789012'][1 + b % 4]
            WHEN 'old_number' THEN coalesce(old_number, number)
            WHEN 'parents_number' THEN CASE
                WHEN CAST(substr(birth_date, 1, 4) AS INTEGER) - CAST(substr(elders_birth, 1, 4) AS INTEGER) >= 16
                THEN elders_number ELSE number END
            WHEN 'other_persons_number' THEN coalesce(
                CASE WHEN b % 3 > 0 AND abs(CAST(substr(birth_date, 1, 4) AS INTEGER)
                    - CAST(substr(elders_birth, 1, 4) AS INTEGER)) < 14 THEN elders_number END, strangers_number, number)
            WHEN 'unknown' THEN substr(number, 1, 6) || printf('%06d', CAST((a // 64) % 1000000 AS BIGINT))
            ELSE number
        END AS written
    FROM others
)
-- What an accident made into another citizen's number is another person's number.
SELECT written.record, written.written,
    CASE
        WHEN written.written = written.number THEN NULL
        WHEN cause NOT IN ('parents_number', 'other_persons_number', 'old_number', 'missing')
            AND holders.citizen IS NOT NULL THEN 'other_persons_number'
        ELSE cause
    END AS cause
FROM written LEFT JOIN people AS holders ON holders.number = written.written AND holders.number <> written.number

-- noise_words --
-- DuckDB. The words of the names that something strikes, each once.
SELECT DISTINCT word FROM (
    SELECT unnest(string_split(full_name, ' ')) AS word FROM records JOIN struck USING (record) WHERE name_cause IS NOT NULL
) AS words WHERE word <> '' ORDER BY word

-- noise_names --
-- DuckDB. The name as written, put together from the spoilt forms of its words; one word is struck, or all.
CREATE OR REPLACE TEMP TABLE spoilt_names AS
WITH drawn AS (
    SELECT record, full_name, name_cause AS cause, string_split(full_name, ' ') AS words,
        lot(record * 16 + 7 + {seed} * 1000000000000) AS a, lot(record * 16 + 8 + {seed} * 1000000000000) AS b
    FROM records JOIN struck USING (record) WHERE name_cause IS NOT NULL
), placed AS (
    SELECT *, unnest(words) AS word, generate_subscripts(words, 1) AS place, length(words) AS number FROM drawn
), formed AS (
    SELECT *,
        row_number() OVER (PARTITION BY record ORDER BY
            CASE cause
                WHEN 'accents_partly_lost' THEN plain <> word
                WHEN 'accents_differ' THEN other_tone <> word
                WHEN 'tone_placement' THEN moved_tone <> word
                WHEN 'y_or_i' THEN other_i <> word
                WHEN 'regional_doublet' THEN doublet <> word
                WHEN 'sound_alike' THEN by_ear <> word
                WHEN 'eth_for_d' THEN word LIKE 'Đ%'
                WHEN 'part_missing' THEN place > 1 AND place < number
                WHEN 'part_added' THEN place > 1 OR number = 1
                WHEN 'part_differs' THEN place > 1
                WHEN 'spacing' THEN place < number
                WHEN 'letter_slip' THEN length(word) > 2
                ELSE TRUE
            END DESC, lot(a + place)) = 1 AS struck
    FROM placed JOIN spoilt_words AS forms USING (word)
), letters AS (
    SELECT *, CAST(2 + b % greatest(length(word) - 2, 1) AS INTEGER) AS spot FROM formed
), written AS (
    SELECT record, full_name, cause, number, a, b, place,
        CASE
            WHEN cause = 'accents_lost' THEN plain
            WHEN cause = 'typing_residue' THEN residue
            WHEN cause = 'wrong_encoding' THEN misread
            WHEN cause = 'letter_case' THEN upper(word)
            WHEN cause = 'initials' AND place < number THEN left(word, 1) || '.'
            WHEN cause = 'nickname' AND place = number
                THEN ['Tèo', 'Út', 'Bé', 'Tí', 'Cu', 'Bi', 'Bông', 'Hai', 'Ba', 'Sáu'][1 + b % 10]
            WHEN cause = 'other' THEN (SELECT list(word ORDER BY word) FROM spoilt_words)[1 + (b + place * 7919) % (SELECT count(*) FROM spoilt_words)]
            WHEN NOT struck THEN word
            WHEN cause = 'accents_partly_lost' THEN plain
            WHEN cause = 'accents_differ' THEN other_tone
            WHEN cause = 'tone_placement' THEN moved_tone
            WHEN cause = 'y_or_i' THEN other_i
            WHEN cause = 'regional_doublet' THEN doublet
            WHEN cause = 'sound_alike' THEN by_ear
            WHEN cause = 'eth_for_d' THEN replace(word, 'Đ', 'Ð')
            WHEN cause = 'part_missing' THEN CASE WHEN number > 2 AND place > 1 AND place < number THEN NULL ELSE word END
            WHEN cause = 'part_added' THEN ['Thị', 'Văn', 'Ngọc', 'Thanh'][1 + b % 4] || ' ' || word
            WHEN cause = 'part_differs' THEN ['Hạnh', 'Tuấn', 'Mai', 'Quang', 'Diễm', 'Khoa', 'Bảo', 'Lan'][1 + b % 8]
            WHEN cause = 'letter_slip' THEN CASE b // 8 % 3
                WHEN 0 THEN substr(word, 1, spot - 1) || substr(word, spot + 1)
                WHEN 1 THEN substr(word, 1, spot - 1) || substr(word, spot + 1, 1) || substr(word, spot, 1) || substr(word, spot + 2)
                ELSE substr(word, 1, spot - 1) || substr('ghklmnopqrstuvy', CAST(1 + b // 64 % 15 AS INTEGER), 1) || substr(word, spot + 1)
                END
            ELSE word
        END || CASE WHEN cause = 'spacing' AND struck THEN '' ELSE ' ' END AS word
    FROM letters
), whole AS (
    SELECT record, full_name, cause,
        trim(string_agg(word, '' ORDER BY CASE WHEN cause = 'order' THEN (place + number - 2) % number ELSE place END)) AS written
    FROM written GROUP BY record, full_name, cause
)
SELECT record, written, CASE WHEN written <> full_name THEN cause END AS cause FROM whole

-- noise_dates --
-- DuckDB. The birth date as written, dd/mm/yyyy; who has only a year is left alone.
CREATE OR REPLACE TEMP TABLE spoilt_dates AS
WITH drawn AS (
    SELECT record, date_cause AS cause, CAST(birth_date AS DATE) AS born,
        lot(record * 16 + 9 + {seed} * 1000000000000) AS a, lot(record * 16 + 10 + {seed} * 1000000000000) AS b
    FROM records JOIN struck USING (record) WHERE date_cause IS NOT NULL AND length(birth_date) = 10
), digits AS (
    SELECT *, strftime(born, '%d%m%Y') AS eight,
        CAST(CASE WHEN {look_alike} THEN [1, 2, 2, 3, 4, 4, 8, 8, 7][1 + a % 9] ELSE [1, 2, 3, 4, 5, 6, 7, 8][1 + a % 8] END AS INTEGER) AS place,
        CASE WHEN a // 16 % 2 = 0 THEN 1 ELSE -1 END AS sign
    FROM drawn
), slipped AS (
    SELECT *,
        CASE cause
            WHEN 'digit_slip' THEN substr(eight, 1, place - 1) || CASE
                WHEN {look_alike} THEN translate(substr(eight, place, 1), '0123456789', '6725386134')
                ELSE CAST((CAST(substr(eight, place, 1) AS INTEGER) + 1 + CAST(b % 9 AS INTEGER)) % 10 AS VARCHAR)
                END || substr(eight, place + 1)
            WHEN 'transposed_digits' THEN CASE WHEN place <= 2 THEN substr(eight, 2, 1) || substr(eight, 1, 1) || substr(eight, 3)
                WHEN place <= 4 THEN substr(eight, 1, 2) || substr(eight, 4, 1) || substr(eight, 3, 1) || substr(eight, 5)
                ELSE substr(eight, 1, 6) || substr(eight, 8, 1) || substr(eight, 7, 1) END
            ELSE eight
        END AS slip
    FROM digits
), made AS (
    SELECT record, born, cause,
        CASE cause
            WHEN 'day_month_swap' THEN TRY_CAST(strftime(born, '%Y-%d-%m') AS DATE)
            WHEN 'first_of_january' THEN CAST(date_trunc('year', born) AS DATE)
            WHEN 'year_off_by_one' THEN CAST(born + sign * INTERVAL 1 YEAR AS DATE)
            WHEN 'year_off_by_ten' THEN CAST(born + sign * INTERVAL 10 YEAR AS DATE)
            WHEN 'century' THEN CAST(born - INTERVAL 100 YEAR AS DATE)
            WHEN 'month_off_by_one' THEN TRY_CAST(year(born) || '-' || (month(born) + sign) || '-' || day(born) AS DATE)
            WHEN 'day_off_by_one' THEN CAST(born + sign * INTERVAL 1 DAY AS DATE)
            WHEN 'day_differs' THEN TRY_CAST(year(born) || '-' || month(born) || '-' || (1 + b % 28) AS DATE)
            WHEN 'month_differs' THEN TRY_CAST(year(born) || '-' || (1 + b % 12) || '-' || day(born) AS DATE)
            WHEN 'only_year_agrees' THEN TRY_CAST(year(born) || '-' || (1 + b % 12) || '-' || (1 + a % 28) AS DATE)
            WHEN 'other' THEN CAST(born + sign * INTERVAL (500 + CAST(b % 6000 AS INTEGER)) DAY AS DATE)
            ELSE TRY_CAST(substr(slip, 5) || '-' || substr(slip, 3, 2) || '-' || substr(slip, 1, 2) AS DATE)
        END AS made
    FROM slipped
)
-- A date that no form would take, or that has not come yet, was not written.
SELECT record,
    CASE WHEN cause = 'missing' THEN '' WHEN cause = 'year_only' THEN strftime(born, '%Y')
        WHEN made BETWEEN DATE '1900-01-01' AND DATE '2022-01-01' THEN strftime(made, '%d/%m/%Y')
        ELSE strftime(born, '%d/%m/%Y') END AS written,
    CASE WHEN cause IN ('missing', 'year_only') OR (made BETWEEN DATE '1900-01-01' AND DATE '2022-01-01' AND made <> born)
        THEN cause END AS cause
FROM made

-- noise_register --
-- DuckDB. What the sites have written.
COPY (
    SELECT record, coalesce(spoilt_numbers.written, records.number) AS number,
        coalesce(spoilt_names.written, records.full_name) AS full_name,
        coalesce(spoilt_dates.written, CASE WHEN length(birth_date) = 10 THEN strftime(CAST(birth_date AS DATE), '%d/%m/%Y')
            ELSE birth_date END) AS birth_date,
        CASE struck.sex_cause WHEN 'missing' THEN NULL
            WHEN 'other' THEN CASE sex WHEN 'male' THEN 'female' ELSE 'male' END ELSE sex END AS sex,
        commune, site
    FROM records
    LEFT JOIN struck USING (record)
    LEFT JOIN spoilt_numbers USING (record)
    LEFT JOIN spoilt_names USING (record)
    LEFT JOIN spoilt_dates USING (record)
    ORDER BY record
) TO {file} (FORMAT parquet)

-- noise_labels --
-- DuckDB. Who each record is about, and what struck it.
COPY (
    SELECT record, CASE WHEN NOT absent THEN citizen END AS citizen, site_kind, twin, household_size,
        CAST(substr(birth_date, 1, 4) AS INTEGER) AS birth_year, turn > 0 AS twice,
        spoilt_numbers.cause AS number, spoilt_names.cause AS full_name, spoilt_dates.cause AS birth_date,
        struck.sex_cause AS sex
    FROM records
    LEFT JOIN struck USING (record)
    LEFT JOIN spoilt_numbers USING (record)
    LEFT JOIN spoilt_names USING (record)
    LEFT JOIN spoilt_dates USING (record)
    ORDER BY record
) TO {file} (FORMAT parquet)

-- noise_known --
-- DuckDB. The population register.
COPY (
    SELECT citizen, number, old_number, full_name, birth_date, sex, residence_code AS commune FROM people
    WHERE NOT absent ORDER BY citizen
) TO {file} (FORMAT parquet)
