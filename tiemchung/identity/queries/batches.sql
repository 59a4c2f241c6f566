-- due_for_batch --
-- Persons to be asked about in a batch with the statement that the question is about: unchecked, and in no batch made since
-- %(batch_pause)s whose answer is still to come; of merged records the one that speaks.
SELECT state.person_id, (SELECT said.id FROM people_personstatement said
                         WHERE said.person_id = state.person_id ORDER BY said.id DESC LIMIT 1) AS statement_id
FROM identity_current state
WHERE state.state = 'unchecked'
  AND NOT EXISTS (SELECT FROM people_mergedperson merged WHERE merged.person_id = state.person_id)
  AND NOT EXISTS (SELECT FROM identity_populationcheck asked
                  WHERE asked.person_id = state.person_id AND asked.verdict = '' AND asked.batch_id IS NOT NULL
                    AND asked.fault = '' AND asked.asked_at > %(batch_pause)s)
ORDER BY state.person_id
LIMIT %(limit)s;

-- batch_persons --
-- The next questions of a batch after %(after)s whose answer is still to come and whose statement is still the last.
SELECT asked.id, asked.person_id, asked.asked_at
FROM identity_populationcheck asked
WHERE asked.batch_id = %(batch)s AND asked.id > %(after)s AND asked.verdict = ''
  AND asked.statement_id = (SELECT said.id FROM people_personstatement said
                            WHERE said.person_id = asked.person_id ORDER BY said.id DESC LIMIT 1)
ORDER BY asked.id
LIMIT %(limit)s;

-- answers_in --
-- Where the answers of one file lie while they are taken in.
CREATE TEMP TABLE answers_in (id uuid, verdict text, fields jsonb, handle text, fault text) ON COMMIT DROP;

-- answers_counted --
-- How many rows the file has, on how many ids; on how many ids there are several; how many were never asked in this
-- batch; and of the ids with one row how many were answered before, cannot be believed, tell a fault, tell a verdict.
SELECT coalesce(sum(answers.rows), 0) AS rows, count(*) AS ids, count(*) FILTER (WHERE answers.rows > 1) AS double,
       count(*) FILTER (WHERE asked.id IS NULL) AS never_asked,
       count(*) FILTER (WHERE answers.rows = 1 AND asked.verdict <> '') AS had,
       count(*) FILTER (WHERE answers.rows = 1 AND asked.verdict = '' AND answers.fault = 'nonsense') AS nonsense,
       count(*) FILTER (WHERE answers.rows = 1 AND asked.verdict = '' AND answers.fault NOT IN ('', 'nonsense')) AS faults,
       count(*) FILTER (WHERE answers.rows = 1 AND asked.verdict = '' AND answers.fault = '') AS taken
FROM (SELECT id, count(*) AS rows, min(fault) AS fault FROM answers_in GROUP BY id) answers
LEFT JOIN identity_populationcheck asked ON asked.id = answers.id AND asked.batch_id = %(batch)s;

-- answers_taken --
-- Each answer to the question that it was given to: only of this batch, only once, only where there is none yet. Of
-- several answers to one question none is believed. Gives whose «right» is out of date as it comes: a list of changes
-- that came since the batch was made names the handle, which nobody here could know until now.
WITH taken AS (
UPDATE identity_populationcheck asked
SET verdict = answers.verdict, fields = answers.fields, handle = answers.handle, fault = answers.fault,
    answered_at = CASE WHEN answers.verdict <> '' THEN %(now)s::timestamptz END
FROM answers_in answers
WHERE asked.id = answers.id AND asked.batch_id = %(batch)s AND asked.verdict = ''
  AND answers.id NOT IN (SELECT id FROM answers_in GROUP BY id HAVING count(*) > 1)
RETURNING asked.person_id, asked.handle
)
SELECT DISTINCT taken.person_id FROM taken
JOIN (SELECT jsonb_array_elements_text(list.handles) AS handle FROM identity_changelist list
      WHERE list.at >= %(made_at)s) changed USING (handle)
ORDER BY taken.person_id;

-- changed_persons --
-- Whom a list of changes is about: by a handle that was given, or by a question that was answered wrong.
SELECT DISTINCT asked.person_id
FROM identity_populationcheck asked
WHERE asked.handle = ANY(%(handles)s) OR asked.id = ANY(%(questions)s::uuid[])
ORDER BY asked.person_id;

-- answers_gone --
-- The file's answers are in; the next file begins anew.
DROP TABLE answers_in;
