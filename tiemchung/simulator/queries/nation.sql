-- nation_draws --
-- DuckDB, not PostgreSQL. What chance decides of each citizen of a batch of provinces, all of it a hash of place and seed.
CREATE OR REPLACE TEMP TABLE drawn AS
WITH placed AS (
    SELECT province, first + i + 1 AS citizen, i AS place_in_province, first // 18 + area + i // 18 AS block,
        i % 18 AS place
    FROM (SELECT province, first, area, unnest(range(size)) AS i FROM sizes WHERE batch = {batch}) AS numbers
)
SELECT province, citizen, place_in_province, block * 5 + places.household AS household, places.role, places.size,
    hash(citizen * 64 + {seed} * 1000000000000) AS draw_name,
    hash(citizen * 64 + 1 + {seed} * 1000000000000) AS draw_birth,
    hash(citizen * 64 + 2 + {seed} * 1000000000000) AS draw_life,
    hash((block * 5 + places.household) * 64 + 3 + {seed} * 1000000000000) AS draw_home
FROM placed
JOIN places ON places.place = placed.place
    AND places.pattern = hash(placed.block * 64 + 4 + {seed} * 1000000000000) % 8

-- nation_households --
-- DuckDB. Sex and birth: who heads the household first, the others by how they stand to the head.
CREATE OR REPLACE TEMP TABLE born AS
WITH aged AS (
    SELECT *,
        draw_home % 100 < 73 AS head_is_man,
        CASE WHEN size = 1 THEN 20 + (draw_home // 128) % 66
             ELSE 24 + least((draw_home // 128) % 47, (draw_home // 8192) % 62) END AS head_age,
        draw_home // 1048576 AS draw_children
    FROM drawn
), first_child AS (
    SELECT *,
        CASE WHEN head_age < 22 THEN 0
             ELSE head_age - 20 - draw_children % least(14, greatest(1, head_age - 20)) END AS oldest_age,
        (draw_children // 16) % 1000 < 14 AS twins
    FROM aged
), people AS (
    SELECT *,
        CASE role
            WHEN 'head' THEN head_is_man WHEN 'partner' THEN NOT head_is_man
            WHEN 'grandmother' THEN false WHEN 'grandfather' THEN true
            ELSE draw_life % 1000 < 515 END AS man,
        CASE role
            WHEN 'head' THEN head_age
            WHEN 'partner' THEN greatest(19, head_age + (draw_life // 1024) % 8 - 4)
            WHEN 'child1' THEN oldest_age
            WHEN 'child2' THEN CASE WHEN twins THEN oldest_age ELSE (oldest_age * 7) // 10 END
            WHEN 'child3' THEN (oldest_age * 4) // 10
            ELSE least(99, head_age + 20 + (draw_life // 1024) % 13) END AS age
    FROM first_child
)
SELECT *,
    DATE '2021-12-31' - CAST(
        (age * 36525) // 100
        + CASE WHEN twins AND role IN ('child1', 'child2') THEN (draw_children // 65536) % 365
               ELSE (draw_birth // 7) % 365 END AS INTEGER) AS day,
    twins AND role IN ('child1', 'child2') AND size > 3 AS twin,
    role = 'grandmother' OR (role IN ('head', 'partner') AND NOT man AND size > 1) AS own_family
FROM people

-- nation_numbers --
-- DuckDB. Numbers, and where on the wheels the names stand. The serial of a number is the citizen's rank among those of his province, sex and year,
-- spread over the million; who was born elsewhere takes it from a part of the million kept for his province.
CREATE OR REPLACE TEMP TABLE numbered AS
WITH homes AS (
    SELECT born.*, year(day) AS birth_year, provinces.region, provinces.place AS province_place,
        provinces.cmnd_from, provinces.cmnd_size, provinces.communes,
        (draw_birth // 4096) % 1000 < provinces.newcomers * CASE WHEN age < 18 THEN 250 ELSE 1000 END AS newcomer,
        provinces.region = 2 AND draw_home // 16777216 % 100 < 8 AS highland
    FROM born JOIN provinces USING (province)
), origins AS (
    SELECT homes.*, CAST(CASE WHEN newcomer THEN wheels.token ELSE province END AS BIGINT) AS origin
    FROM homes JOIN wheels ON wheels.slot = 60 * 8192 + CAST(draw_birth // 4194304 % 8192 AS INTEGER)
), centuries AS (
    SELECT *, CAST(2 * (birth_year // 100 - 19) + CASE WHEN man THEN 0 ELSE 1 END AS INTEGER) AS century
    FROM origins
), ranked AS (
    SELECT *,
        row_number() OVER (PARTITION BY province, origin, birth_year, century, newcomer ORDER BY citizen) - 1 AS rank
    FROM centuries
), numbered AS (
    SELECT *,
        (CASE WHEN newcomer AND origin <> CAST(province AS BIGINT) THEN 700000 + province_place * 4700 + rank % 4700
              WHEN newcomer THEN 690000 + rank ELSE rank END * 7368787
         + hash(origin * 10000 + century * 100 + birth_year % 100) % 1000000) % 1000000 AS serial,
        (place_in_province * 7368787) % cmnd_size AS old_place,
        birth_year < 2004 AND (draw_life // 1048576) % 100 < 75 AS had_cmnd,
        CASE WHEN birth_year < 1975 THEN 0 WHEN birth_year < 1995 THEN 1 ELSE 2 END AS cohort,
        CASE WHEN man THEN 0 ELSE 1 END AS woman
    FROM ranked
)
SELECT province, citizen, household, day, birth_year, man, twin, highland, region, had_cmnd, old_place, cmnd_from,
    origin * 1000000000 + century * 100000000 + birth_year % 100 * 1000000 + CAST(serial AS BIGINT) AS number,
    region * 8192 + CAST(CASE WHEN own_family THEN draw_name % 8192 ELSE draw_home // 8388608 % 8192 END AS INTEGER)
        AS family_slot,
    (16 + 8 * cohort + 2 * region + woman) * 8192 + CAST(draw_name // 8192 % 8192 AS INTEGER) AS middle_slot,
    (8 + woman) * 8192 + CAST(draw_name // 8589934592 % 8192 AS INTEGER) AS given_slot,
    (8 + woman) * 8192 + CAST(draw_name // 70368744177664 % 8192 AS INTEGER) AS second_slot,
    draw_name // 67108864 % 100 < 8 AS two_middles,
    draw_birth // 68719476736 % 100 AS draw_known, draw_home, woman,
    province_place * 1000 + CAST(draw_home // 1024 % communes AS INTEGER) AS commune_slot
FROM numbered

-- nation_people --
-- DuckDB. The citizens as a register writes them: numbers, names put together from the wheels, birth dates.
CREATE OR REPLACE TEMP TABLE people AS
SELECT citizen, lpad(CAST(number AS VARCHAR), 12, '0') AS number,
    CASE WHEN had_cmnd THEN lpad(CAST(
        CASE WHEN numbered.province = '75' AND old_place < 50000 THEN 271450001 + old_place ELSE cmnd_from + old_place END
        AS VARCHAR), 9, '0') END AS old_number,
    CASE WHEN highland THEN CASE WHEN man THEN 'Y ' ELSE 'H''' END || at_home.token || ' ' || clan.token
         ELSE family.token || ' ' || middle.token
              || CASE WHEN two_middles AND second.token <> middle.token AND second.token <> given.token
                      THEN ' ' || second.token ELSE '' END
              || ' ' || given.token END AS full_name,
    CASE WHEN birth_year < 1955 AND draw_known < 6 THEN CAST(birth_year AS VARCHAR)
         WHEN birth_year < 1960 AND draw_known < 11
             THEN CAST(birth_year AS VARCHAR) || '-01-01'
         ELSE CAST(day AS VARCHAR) END AS birth_date,
    CASE WHEN man THEN 'male' ELSE 'female' END AS sex,
    communes.code AS residence_code, household,
    '09' || lpad(CAST(draw_home // 2048 % 100000000 AS VARCHAR), 8, '0') AS phone, twin
FROM numbered
JOIN wheels AS family ON family.slot = family_slot
JOIN wheels AS middle ON middle.slot = middle_slot
JOIN wheels AS given ON given.slot = given_slot
JOIN wheels AS second ON second.slot = second_slot
LEFT JOIN wheels AS clan ON highland AND clan.slot = 61 * 8192 + given_slot % 8192
LEFT JOIN wheels AS at_home ON highland AND at_home.slot = (62 + woman) * 8192 + family_slot % 8192
JOIN communes ON communes.slot = commune_slot

-- nation_write --
-- DuckDB. A batch's citizens in the order of their places.
COPY (SELECT * FROM people ORDER BY citizen) TO {file} (FORMAT parquet, COMPRESSION zstd)
