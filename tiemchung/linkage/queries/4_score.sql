-- rarity --
-- Bits more than the average for agreement on a rare value, fewer for a common one; only where the value agrees.
CASE WHEN {digit} IN ({agreeing}) THEN log2({mean_share} / coalesce(shares_{column}.share, {mean_share})) ELSE 0 END

-- rarity_join --
-- The share of the right record's value.
LEFT JOIN {column}_shares AS shares_{column} ON shares_{column}.value = r.{column}

-- learning_levels --
-- All pairs of left records drawn by lot: enough to learn from.
CREATE OR REPLACE TEMP TABLE learning_levels AS
SELECT pairs.* FROM pair_levels AS pairs JOIN left_plain AS l ON l.row = pairs.l WHERE l.lot // {parts} % {step} = 0

-- learning_lefts --
-- How many left records were drawn of the first part.
SELECT count(*) FROM left_plain WHERE lot % {parts} = 0 AND lot // {parts} % {step} = 0

-- scored --
-- What the rarity of the agreeing values adds to the bits of each pair.
CREATE OR REPLACE TEMP TABLE scored AS
SELECT levels.l, levels.r, pattern, {rarity} AS rarity
FROM {table} AS levels
JOIN right_people AS r ON r.row = levels.r
{rarity_joins}

-- learning_pairs --
-- What is learnt from, in an order that is the same in every run.
SELECT l, r, pattern, rarity
FROM scored
JOIN left_plain AS lefts ON lefts.row = scored.l
JOIN right_plain AS rights ON rights.row = scored.r
ORDER BY lefts.lot, rights.lot, l, r

-- hopeful --
-- The pairs that may have odds worth showing, if they agree on the rarest values.
CREATE OR REPLACE TEMP TABLE hopeful AS
SELECT l, r, pattern, doubtless FROM pair_levels JOIN pattern_bits USING (pattern) WHERE hopeful

-- contests --
-- The records of a side with several candidates.
CREATE OR REPLACE TEMP TABLE {side}_contests AS SELECT {place} FROM hopeful GROUP BY {place} HAVING count(*) > 1

-- beyond_doubt --
-- The pairs that need no weighing: their levels leave no doubt even on the commonest values, and nobody competes.
CREATE OR REPLACE TEMP VIEW beyond_doubt AS SELECT l, r, pattern FROM hopeful WHERE doubtless {uncontested}

-- in_doubt --
-- All others.
CREATE OR REPLACE TEMP VIEW in_doubt AS SELECT l, r, pattern FROM hopeful WHERE NOT (doubtless {uncontested})

-- uncontested --
-- No other candidate of the record of a side.
AND {place} NOT IN (SELECT {place} FROM {side}_contests)

-- chances --
-- The probability of each pair. Where each person stands once on a side, the candidates on that side compete, and «none
-- of these» takes what is left of them; `margin` is the lead over the next best in bits.
CREATE OR REPLACE TEMP TABLE chances AS
WITH odds AS (
    SELECT l, r, pattern, pattern_bits.bits + rarity AS bits, {prior} * pow(2, least(pattern_bits.bits + rarity, 900)) AS odds
    FROM scored JOIN pattern_bits USING (pattern)
    WHERE {prior} * pow(2, least(pattern_bits.bits + rarity, 900)) > {least_odds}
), lefts AS (
    SELECT l, fsum(odds) AS whole, max(bits, 2) AS best FROM odds GROUP BY l
), rights AS (
    SELECT r, fsum(odds) AS whole, max(bits, 2) AS best FROM odds GROUP BY r
), leads AS (
    SELECT odds.l, odds.r, pattern, bits, odds,
        CASE WHEN {right_once} THEN lefts.whole ELSE odds END AS of_left,
        CASE WHEN {left_once} THEN rights.whole ELSE odds END AS of_right,
        CASE WHEN NOT {right_once} THEN 1000 WHEN bits < lefts.best[1] THEN bits - lefts.best[1]
            ELSE bits - coalesce(lefts.best[2], bits - 1000) END AS left_lead,
        CASE WHEN NOT {left_once} THEN 1000 WHEN bits < rights.best[1] THEN bits - rights.best[1]
            ELSE bits - coalesce(rights.best[2], bits - 1000) END AS right_lead
    FROM odds JOIN lefts ON lefts.l = odds.l JOIN rights ON rights.r = odds.r
)
SELECT l, r, pattern, left_lead >= 0 AS best_of_left,
    least(odds / (of_left + {none_left}), odds / (of_right + {none_right})) AS chance,
    least(left_lead, right_lead) AS margin,
    least(of_left / (of_left + {none_left}), of_right / (of_right + {none_right})) AS somebody
FROM leads

-- decided --
-- What may be linked, proposed or is ambiguous. A left record's best candidate, and those that come near it.
CREATE OR REPLACE TEMP TABLE decided AS
SELECT l, r, pattern, probability,
    CASE
        WHEN margin >= {margin_bits} AND probability >= {automatic} THEN 'automatic'
        WHEN abs(margin) < {margin_bits} AND somebody >= {proposal} THEN 'ambiguous'
        WHEN probability >= {proposal} THEN 'proposal'
    END AS decision
FROM (SELECT *, {calibrated} AS probability FROM chances) AS calibrated
WHERE best_of_left OR abs(margin) < {margin_bits}
UNION ALL
SELECT l, r, pattern, {certainty}, CASE WHEN {certainty} >= {automatic} THEN 'automatic'
    WHEN {certainty} >= {proposal} THEN 'proposal' END
FROM beyond_doubt

-- decided_patterns --
-- The levels of what was decided.
SELECT DISTINCT pattern FROM decided WHERE decision IS NOT NULL ORDER BY pattern

-- reasons_as_numbers --
-- Decisions and reasons are few texts of many rows: as types of their own they are sorted and written as numbers.
DROP TABLE IF EXISTS reasons_by_pattern;
DROP TYPE IF EXISTS reason;
DROP TYPE IF EXISTS decision;
CREATE TEMP TYPE reason AS ENUM (SELECT DISTINCT reasons FROM pattern_reasons ORDER BY reasons);
CREATE TEMP TYPE decision AS ENUM ('automatic', 'proposal', 'ambiguous');
CREATE TEMP TABLE reasons_by_pattern AS
SELECT pattern, may_correct, CAST(reasons AS reason) AS reasons FROM pattern_reasons

-- result --
-- The decisions with their reasons. What may correct nothing by itself is a proposal, however probable.
SELECT left_id, right_id, probability, CAST(decision AS decision) AS decision, reasons
FROM (
    SELECT lefts.id AS left_id, rights.id AS right_id, round(probability, 6) AS probability, reasons,
        CASE WHEN decision <> 'automatic' OR may_correct THEN decision
            WHEN probability >= {proposal} THEN 'proposal' END AS decision
    FROM decided JOIN reasons_by_pattern USING (pattern)
    JOIN left_plain AS lefts ON lefts.row = decided.l
    JOIN right_plain AS rights ON rights.row = decided.r
) AS reasoned
WHERE decision IS NOT NULL
ORDER BY left_id, right_id

-- merged --
-- What was decided on all parts.
SELECT * FROM {result} ORDER BY left_id, right_id

-- counts --
-- The decided rows by decision.
SELECT count(*) FILTER (decision = 'automatic'), count(*) FILTER (decision = 'proposal'),
    count(*) FILTER (decision = 'ambiguous')
FROM {result}
