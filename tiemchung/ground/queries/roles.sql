-- relations --
-- Every table, view and sequence of the schema, with its kind, and for what only grows the columns that may be written.
SELECT relation.relname AS name, relation.relkind::text AS kind,
       (SELECT array_agg(attribute.attname::text ORDER BY attribute.attnum)
        FROM pg_attribute attribute
        WHERE attribute.attrelid = relation.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
          AND attribute.attname <> 'written_in' AND EXISTS (
              SELECT FROM pg_attribute own WHERE own.attrelid = relation.oid AND own.attname = 'written_in')) AS grows
FROM pg_class relation
WHERE relation.relnamespace = current_schema()::regnamespace AND relation.relkind IN ('r', 'p', 'v', 'm', 'S')
ORDER BY relation.relname;

-- changeable --
-- The tables that only grow and that the present role could change or empty all the same, or whose guards it could take away.
SELECT relation.relname AS name
FROM pg_class relation
WHERE relation.relnamespace = current_schema()::regnamespace AND relation.relkind = 'r'
  AND EXISTS (SELECT FROM pg_attribute own WHERE own.attrelid = relation.oid AND own.attname = 'written_in')
  AND (pg_has_role(current_user, relation.relowner, 'MEMBER')
       OR has_table_privilege(relation.oid, 'DELETE, TRUNCATE, TRIGGER')
       OR has_any_column_privilege(relation.oid, 'UPDATE'))
ORDER BY relation.relname;
