"""How does a table become append-only, and sealable?

A trigger refuses UPDATE, DELETE and TRUNCATE, whoever asks. A column `written_in` holds the number of the transaction
that wrote the row: below the oldest open transaction no row can appear any more, so that a seal of a range of such
numbers is final (docs/adr/0021). The column is the database's own: no model knows it.

A column with personal content may be let go after its time (`may_go`), by `erase_content` and in no other way; the
row stays, and so does the digest of what was there. Seals leave such a column out (docs/adr/0025).
"""

from django.db import migrations

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_NARGS > 0 AND current_setting('tiemchung.erasing', true) = 'on' THEN
        IF to_jsonb(NEW) - TG_ARGV[0] = to_jsonb(OLD) - TG_ARGV[0] THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'table % is append-only: write a new row that supersedes the old one', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

DO $$ BEGIN  -- once: a restored database may have got another that goes on from its last number
    IF to_regproc('this_transaction') IS NULL THEN
        CREATE FUNCTION this_transaction() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL UNSAFE
            RETURN pg_current_xact_id()::text::bigint + 0;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION erase_content(wanted regclass, ids uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE  -- only of the owner's own tables: what hangs on another's would run with the owner's rights
    named text[] := (SELECT string_to_array(encode(guard.tgargs, 'escape'), '\\000')
                     FROM pg_trigger guard JOIN pg_class relation ON relation.oid = guard.tgrelid
                     WHERE guard.tgrelid = wanted AND guard.tgfoid = 'refuse_change'::regproc AND guard.tgnargs = 2
                       AND relation.relowner = current_user::regrole AND relation.relpersistence = 'p');
    erased bigint;
BEGIN
    IF named IS NULL THEN
        RAISE EXCEPTION 'nothing in table % may go', wanted USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM set_config('tiemchung.erasing', 'on', true);
    EXECUTE format('UPDATE %s SET %I = NULL WHERE id = ANY ($1) AND %I IS NOT NULL AND %I < now() - $2',
                   wanted, named[1], named[1], named[2]) USING ids, interval '30 days';
    GET DIAGNOSTICS erased = ROW_COUNT;
    PERFORM set_config('tiemchung.erasing', 'off', true);
    RETURN erased;
END $$;
"""


def functions() -> migrations.RunSQL:
    """A step after which a database has these functions as they are now: for one that was made before they changed."""
    return migrations.RunSQL(_FUNCTIONS, migrations.RunSQL.noop)


def may_go(table: str, column: str, *, dated_by: str) -> migrations.RunSQL:
    """A step after which `erase_content` may empty a column of an append-only table, 30 days after `dated_by`."""
    trigger = f"{table}_append_only"
    return migrations.RunSQL(
        sql=f"""{_FUNCTIONS}
        DROP TRIGGER {trigger} ON {table};
        CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change('{column}', '{dated_by}');""",
        reverse_sql=f"""DROP TRIGGER {trigger} ON {table};
        CREATE TRIGGER {trigger} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();""",
    )


def append_only(table: str) -> migrations.RunSQL:
    """A migration step after which rows of `table` can be neither changed nor deleted, and can be sealed."""
    return migrations.RunSQL(
        sql=f"""{_FUNCTIONS}
        ALTER TABLE {table} ADD COLUMN written_in bigint NOT NULL DEFAULT this_transaction();
        CREATE INDEX {table}_written_in ON {table} (written_in);
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();""",
        reverse_sql=f"""DROP TRIGGER {table}_append_only ON {table}; DROP TRIGGER {table}_no_truncate ON {table};
        ALTER TABLE {table} DROP COLUMN written_in;""",
    )
