"""Keys and hashes of sealed rows are random: PostgreSQL would try in vain to compress them, at every seal."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("oversight", "0003_alarms")]

    after_deploy = True  # it alters a table

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE oversight_sealedleaves ALTER COLUMN {column} SET STORAGE EXTERNAL",
            f"ALTER TABLE oversight_sealedleaves ALTER COLUMN {column} SET STORAGE EXTENDED",
        )
        for column in ("keys", "hashes")
    ]
