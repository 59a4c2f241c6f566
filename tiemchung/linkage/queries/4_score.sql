-- rarity --
-- Bits more than the average for agreement on a rare value, fewer for a common one; only where the value agrees.
CASE WHEN levels.{field} IN ({agreeing}) THEN log2({mean_share} / coalesce(shares_{column}.share, {mean_share})) ELSE 0 END

-- rarity_join --
-- The share of the right record's value.
LEFT JOIN {column}_shares AS shares_{column} ON shares_{column}.value = r.{column}

-- learning_levels --
-- The pairs of every so many left records: enough to learn from.
CREATE OR REPLACE TEMP TABLE learning_levels AS SELECT * FROM pair_levels WHERE l % {step} = 0

-- scored --
-- Bits of each pair: those of its pattern, and what the rarity of the agreeing values adds.
CREATE OR REPLACE TEMP TABLE scored AS
SELECT levels.l, levels.r, pattern_bits.pattern, pattern_bits.bits + {rarity} AS bits
FROM {table} AS levels
JOIN pattern_bits ON {same_pattern}
JOIN right_people AS r ON r.row = levels.r
{rarity_joins}

-- chances --
-- The probability of each pair. Where each person stands once on a side, the candidates on that side compete, and «none
-- of these» takes what is left of them; `margin` is the lead over the next best in bits.
CREATE OR REPLACE TEMP TABLE chances AS
WITH odds AS (
    SELECT l, r, pattern, bits, {prior} * pow(2, least(bits, 900)) AS odds FROM scored
    -- Odds below one in ten million change no probability that is shown and no lead that counts.
    WHERE {prior} * pow(2, least(bits, 900)) > 1e-7
), sums AS (
    SELECT *,
        sum(odds) OVER (PARTITION BY l ORDER BY odds, r ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS of_left,
        sum(odds) OVER (PARTITION BY r ORDER BY odds, l ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS of_right,
        row_number() OVER (PARTITION BY l ORDER BY bits DESC, r) AS left_rank,
        row_number() OVER (PARTITION BY r ORDER BY bits DESC, l) AS right_rank,
        first_value(bits) OVER (PARTITION BY l ORDER BY bits DESC, r) AS left_best,
        first_value(bits) OVER (PARTITION BY r ORDER BY bits DESC, l) AS right_best,
        lead(bits) OVER (PARTITION BY l ORDER BY bits DESC, r) AS left_next,
        lead(bits) OVER (PARTITION BY r ORDER BY bits DESC, l) AS right_next
    FROM odds
), leads AS (
    SELECT l, r, pattern, bits, odds,
        CASE WHEN {right_once} THEN of_left ELSE odds END AS of_left,
        CASE WHEN {left_once} THEN of_right ELSE odds END AS of_right,
        CASE WHEN {right_once} THEN left_rank ELSE 1 END AS left_rank,
        CASE WHEN {left_once} THEN right_rank ELSE 1 END AS right_rank,
        CASE WHEN NOT {right_once} THEN 1000 WHEN left_rank > 1 THEN bits - left_best
            ELSE bits - coalesce(left_next, bits - 1000) END AS left_lead,
        CASE WHEN NOT {left_once} THEN 1000 WHEN right_rank > 1 THEN bits - right_best
            ELSE bits - coalesce(right_next, bits - 1000) END AS right_lead
    FROM sums
)
SELECT l, r, pattern, bits, left_rank, right_rank,
    least(odds / (of_left + {none_left}), odds / (of_right + {none_right})) AS chance,
    least(left_lead, right_lead) AS margin,
    least(of_left / (of_left + {none_left}), of_right / (of_right + {none_right})) AS somebody
FROM leads

-- likely_patterns --
-- How much of each pattern the likely pairs hold, in thousandths: whole numbers sum the same in any order.
SELECT pattern, sum(CAST(round(chance * 1000) AS BIGINT)) AS thousandths
FROM chances WHERE left_rank = 1 AND right_rank = 1
GROUP BY pattern ORDER BY pattern

-- result --
-- What may be linked, proposed or is ambiguous. A left record's best candidate, and those that come near it.
CREATE OR REPLACE TEMP TABLE result AS
WITH calibrated AS (
    SELECT *, {calibrated} AS probability FROM chances
), decided AS (
    SELECT calibrated.*, patterns.reasons,
        CASE
            WHEN margin >= {margin_bits} AND probability >= {automatic} AND patterns.may_correct THEN 'automatic'
            WHEN abs(margin) < {margin_bits} AND somebody >= {proposal} THEN 'ambiguous'
            WHEN probability >= {proposal} THEN 'proposal'
        END AS decision
    FROM calibrated JOIN pattern_bits AS patterns USING (pattern)
    WHERE left_rank = 1 OR abs(margin) < {margin_bits}
)
SELECT lefts.id AS left_id, rights.id AS right_id, round(probability, 6) AS probability, decision, reasons
FROM decided
JOIN left_people AS lefts ON lefts.row = decided.l
JOIN right_people AS rights ON rights.row = decided.r
WHERE decision IS NOT NULL
ORDER BY left_id, right_id

-- counts --
-- The candidate pairs, and the decided rows by decision.
SELECT (SELECT count(*) FROM pairs), count(*) FILTER (decision = 'automatic'),
    count(*) FILTER (decision = 'proposal'), count(*) FILTER (decision = 'ambiguous')
FROM result
