from django.db import migrations

# Who may not change a row may not lock it either: PostgreSQL asks for the right to UPDATE. So the owner lends the lock
# alone. While it is held nobody attests, corrects or revokes the same rows: an entry that refers to them must wait.
HOLD = """
CREATE FUNCTION hold_{what}(ids uuid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM id FROM {table} WHERE id = ANY(ids) ORDER BY id FOR UPDATE;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("passports", "0004_merged"), ("doses", "0002_append_only")]

    operations = [
        migrations.RunSQL(HOLD.format(what="doses", table="doses_dose"), "DROP FUNCTION hold_doses(uuid[]);"),
        migrations.RunSQL(
            HOLD.format(what="passports", table="passports_passport"), "DROP FUNCTION hold_passports(uuid[]);"
        ),
    ]
