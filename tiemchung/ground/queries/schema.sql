-- columns --
-- Every column of tables and views, its type, and whether whoever inserts a row must give it, and what the database gives.
SELECT relation.relname AS "table", attribute.attname AS "column",
       format_type(attribute.atttypid, attribute.atttypmod) AS type,
       attribute.attnotnull AND NOT attribute.atthasdef AND attribute.attidentity = '' AND relation.relkind = 'r' AS required,
       attribute.attnotnull AND relation.relkind = 'r' AS filled,
       CASE WHEN attribute.attidentity <> '' THEN 'identity'
            ELSE coalesce(pg_get_expr(given.adbin, given.adrelid), '') END AS given
FROM pg_attribute attribute
JOIN pg_class relation ON relation.oid = attribute.attrelid
LEFT JOIN pg_attrdef given ON given.adrelid = attribute.attrelid AND given.adnum = attribute.attnum
WHERE relation.relnamespace = current_schema()::regnamespace AND relation.relkind IN ('r', 'v', 'm', 'p')
  AND attribute.attnum > 0 AND NOT attribute.attisdropped
ORDER BY relation.relname COLLATE "C", attribute.attname COLLATE "C";

-- bounds --
-- Every constraint and unique index by which a row may be refused, but what only says that a column must be filled.
SELECT relation.relname AS "table", constraints.conname AS name, pg_get_constraintdef(constraints.oid) AS definition
FROM pg_constraint constraints
JOIN pg_class relation ON relation.oid = constraints.conrelid
WHERE relation.relnamespace = current_schema()::regnamespace AND constraints.contype <> 'n'
UNION ALL
SELECT relation.relname, entry.relname, pg_get_indexdef(entry.oid)
FROM pg_index keys
JOIN pg_class entry ON entry.oid = keys.indexrelid
JOIN pg_class relation ON relation.oid = keys.indrelid
WHERE relation.relnamespace = current_schema()::regnamespace AND keys.indisunique
  AND NOT EXISTS (SELECT FROM pg_constraint constraints WHERE constraints.conindid = entry.oid)
ORDER BY 1, 2;

-- bounds_of_nulls --
-- For each check of a table the statement that asks whether it refuses a row in which all that it names is null.
SELECT relation.relname AS "table", checks.conname AS name,
       format('SELECT (%s) IS FALSE FROM (SELECT %s) AS nothing', pg_get_expr(checks.conbin, checks.conrelid), named.nulls)
           AS asked
FROM pg_constraint checks
JOIN pg_class relation ON relation.oid = checks.conrelid
CROSS JOIN LATERAL (
    SELECT string_agg(format('NULL::%s AS %I', format_type(attribute.atttypid, attribute.atttypmod), attribute.attname), ', ')
        AS nulls
    FROM pg_attribute attribute
    WHERE attribute.attrelid = checks.conrelid AND attribute.attnum = ANY (checks.conkey)
) AS named
WHERE relation.relnamespace = current_schema()::regnamespace AND checks.contype = 'c' AND named.nulls IS NOT NULL
ORDER BY relation.relname, checks.conname;
