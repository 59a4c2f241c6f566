-- candidates --
-- Citizens of a commune whom a record may mean: by a number near the written one, the words of the name, the birth date,
-- the given name with the year of birth or with the last six digits. The most keys first. Who has no number yet cannot be
-- compared by one and is left out. A name is set to upper-case letters without accents, whatever the collation knows.
WITH resident AS (
    SELECT citizen.id, citizen.birth_date,
           btrim(translate(upper(normalize(citizen.full_name)), %(letters)s, %(plain)s)) AS folded
    FROM population_citizen citizen
    WHERE citizen.residence_code = %(commune)s
), keyed AS (
    SELECT resident.id, resident.birth_date,
           ARRAY(SELECT word FROM unnest(string_to_array(folded, ' ')) AS word WHERE word <> '' ORDER BY word)
               = %(words)s::text[] AS same_words,
           substring(folded FROM '[^ ]+$') = %(given)s AS same_given,
           EXISTS (SELECT FROM population_citizennumber held
                   WHERE held.citizen_id = resident.id AND held.value = ANY(%(near)s::text[])) AS near_number,
           EXISTS (SELECT FROM population_citizennumber held
                   WHERE held.citizen_id = resident.id AND right(held.value, 6) = %(serial)s) AS same_serial
    FROM resident
    WHERE EXISTS (SELECT FROM population_citizennumber held WHERE held.citizen_id = resident.id)
), counted AS (
    SELECT id, near_number::integer + same_words::integer + (birth_date = ANY(%(births)s::text[]))::integer
               + (same_given AND left(birth_date, 4) = %(year)s)::integer + (same_given AND same_serial)::integer AS keys
    FROM keyed
)
SELECT id FROM counted WHERE keys > 0 ORDER BY keys DESC, id LIMIT %(limit)s;

-- residents --
-- How many citizens live in a commune.
SELECT count(*) AS residents FROM population_citizen WHERE residence_code = %(commune)s;
