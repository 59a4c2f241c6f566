-- ledgers --
-- The tables that only grow, with their key, their columns (the key, then the others in order of name) and the types of
-- these, and whether both guards stand. A column whose content may go after its time (the first argument of the guard)
-- is left out: its digest is a column too.
SELECT relation.relname AS "table", key.name AS key, sealed.columns, sealed.types,
       (SELECT count(*) FROM pg_trigger guard
        WHERE guard.tgrelid = relation.oid AND guard.tgfoid = to_regproc('refuse_change')
          AND guard.tgenabled IN ('O', 'A')) = 2 AS guarded
FROM pg_class relation
CROSS JOIN LATERAL (SELECT attribute.attname::text AS name
                    FROM pg_index key
                    JOIN pg_attribute attribute ON attribute.attrelid = key.indrelid
                                               AND attribute.attnum = ANY(key.indkey)
                    WHERE key.indrelid = relation.oid AND key.indisprimary
                    ORDER BY attribute.attname LIMIT 1) key
CROSS JOIN LATERAL (
    SELECT array_agg(attribute.attname::text ORDER BY attribute.attname <> key.name, attribute.attname COLLATE "C")
               AS columns,
           array_agg(type.typname::text ORDER BY attribute.attname <> key.name, attribute.attname COLLATE "C") AS types
    FROM pg_attribute attribute JOIN pg_type type ON type.oid = attribute.atttypid
    WHERE attribute.attrelid = relation.oid AND attribute.attnum > 0 AND NOT attribute.attisdropped
      AND NOT EXISTS (SELECT FROM pg_trigger guard
                      WHERE guard.tgrelid = relation.oid AND guard.tgfoid = to_regproc('refuse_change')
                        AND split_part(encode(guard.tgargs, 'escape'), E'\\000', 1) = attribute.attname)) sealed
WHERE relation.relkind = 'r' AND relation.relnamespace = current_schema()::regnamespace
  AND EXISTS (SELECT FROM pg_attribute attribute
              WHERE attribute.attrelid = relation.oid AND attribute.attname = 'written_in'
                AND NOT attribute.attisdropped)
ORDER BY relation.relname COLLATE "C";

-- take_turns --
-- Wait until no other sealer works on this database, to the end of the transaction; and look afresh at who is active.
SELECT pg_advisory_xact_lock(hashtextextended('oversight.seal', 0)), pg_stat_clear_snapshot();

-- horizon --
-- The transaction below which all of this database are over, counted as `written_in` counts. Whoever still writes is
-- seen in pg_stat_activity, which is read after the snapshot that gives `next`; transactions of other databases write
-- nothing here. Where some session is hidden from us, all databases' oldest transaction is the bound.
WITH bounds AS MATERIALIZED (
    SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next,
           pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest
), writing AS MATERIALIZED (
    SELECT backend_xid AS short FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL
    UNION ALL
    SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()
), age AS (  -- of each, in transactions; a short number is the last 32 bits of the whole one
    SELECT (next - short::text::bigint) & 4294967295 AS behind FROM writing, bounds
), hidden AS (
    SELECT FROM pg_stat_activity WHERE datname = current_database() AND query = '<insufficient privilege>'
)
SELECT CASE WHEN EXISTS (SELECT FROM hidden) THEN oldest
            ELSE next - coalesce((SELECT max(behind) FROM age WHERE behind < 2147483648), 0) END
       + (this_transaction() - pg_current_xact_id()::text::bigint) AS horizon
FROM bounds;

-- plain_text --
-- Let every value have the one text that docs/reference/seals.md prescribes, until the end of the transaction.
SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, MDY', true),
       set_config('IntervalStyle', 'postgres', true), set_config('bytea_output', 'hex', true),
       set_config('extra_float_digits', '1', true);

-- cut --
-- The transaction of the first row of a table that no longer fits into a seal of so many rows.
SELECT written_in FROM {table} WHERE written_in >= %(first)s AND written_in < %(until)s
ORDER BY written_in OFFSET %(limit)s LIMIT 1;

-- count_range --
-- How many rows of a table a range of transactions wrote.
SELECT count(*) AS rows FROM {table} WHERE written_in >= %(first)s AND written_in < %(until)s;

-- copied --
-- The rows that a range of transactions wrote into a table, as COPY writes them in binary, in the order of the tree.
COPY (SELECT {values} FROM {table} WHERE written_in >= {first} AND written_in < {until} ORDER BY written_in, {key})
TO STDOUT (FORMAT binary, ENCODING 'UTF8');

-- copied_one --
-- One row of a table as COPY writes it in binary.
COPY (SELECT {values} FROM {table} WHERE {key}::text = {wanted}) TO STDOUT (FORMAT binary, ENCODING 'UTF8');

-- written_in --
-- The transaction that wrote one row of a table.
SELECT written_in FROM {table} WHERE {key}::text = %(key)s;

-- leaves_of_json --
-- Of the first seals: keys and hashes of the rows that a range of transactions wrote into a table, in the order of the
-- tree; null for none.
SELECT string_agg(key, E'\n' ORDER BY written_in, key COLLATE "C") AS keys,
       string_agg(hash, ''::bytea ORDER BY written_in, key COLLATE "C") AS hashes
FROM (SELECT written_in, {key}::text AS key,
             sha256(E'\\x00'::bytea || convert_to(array_to_json(ARRAY[{texts}])::text, 'UTF8')) AS hash
      FROM {table}
      WHERE written_in >= %(first)s AND written_in < %(until)s) leaf;

-- json --
-- Of the first seals: the text of one row of a table.
SELECT array_to_json(ARRAY[{texts}])::text AS content FROM {table} WHERE {key}::text = %(key)s;

-- keep --
-- Keep the leaves of a part of a table beside their seal.
INSERT INTO oversight_sealedleaves (seal_id, "table", part, keys, hashes)
VALUES (%(seal)s, %(table)s, %(part)s, %(keys)s, %(hashes)b);

-- kept --
-- The parts of a seal's leaves, in the order in which they are published.
SELECT "table", keys, hashes FROM oversight_sealedleaves WHERE seal_id = %(seal)s ORDER BY "table", part;

-- first_outside --
-- The first row of a table in a range of transactions in which the seals say that there is none.
SELECT {key}::text AS key, written_in FROM {table}
WHERE written_in >= %(first)s AND written_in < %(until)s ORDER BY written_in LIMIT 1;

-- upcoming --
-- The number above those of all transactions of which anything is seen by now; none on a standby, which makes no numbers.
SELECT CASE WHEN NOT pg_is_in_recovery()
            THEN greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint + 1)
                 + (this_transaction() - pg_current_xact_id()::text::bigint) END AS upcoming;

-- first_waiting --
-- When the first entry of the logs was written that no seal covers: every act and every look has one.
SELECT min(waiting.at) AS since
FROM (SELECT at FROM ground_auditentry WHERE written_in >= %(until)s
      UNION ALL SELECT at FROM ground_readentry WHERE written_in >= %(until)s
      UNION ALL SELECT at FROM ground_numberlookup WHERE written_in >= %(until)s) waiting;

-- counted --
-- The number of this transaction, what of it is added to PostgreSQL's own, and the number that the last seal ends before.
SELECT this_transaction() AS now, this_transaction() - pg_current_xact_id()::text::bigint AS added,
       (SELECT coalesce(max(until), 0) FROM oversight_seal) AS sealed;

-- highest --
-- The highest number of a transaction that wrote into a table.
SELECT coalesce(max(written_in), 0) AS highest FROM {table};

-- add --
-- Count transactions from PostgreSQL's own number and so many more.
CREATE OR REPLACE FUNCTION this_transaction() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL UNSAFE
RETURN pg_current_xact_id()::text::bigint + {added};
