"""How does a table become append-only, and sealable?

A trigger refuses UPDATE, DELETE and TRUNCATE, whoever asks. A column `written_in` holds the number of the transaction
that wrote the row: below the oldest open transaction no row can appear any more, so that a seal of a range of such
numbers is final (docs/adr/0021). The column is the database's own: no model knows it.
"""

from django.db import migrations

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: write a new row that supersedes the old one', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

DO $$ BEGIN  -- once: a restored database may have got another that goes on from its last number
    IF to_regproc('this_transaction') IS NULL THEN
        CREATE FUNCTION this_transaction() RETURNS bigint LANGUAGE sql VOLATILE PARALLEL UNSAFE
            RETURN pg_current_xact_id()::text::bigint + 0;
    END IF;
END $$;
"""


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
