from django.db import migrations

from tiemchung.ground.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("doses", "0001_initial")]

    operations = [
        append_only("doses_dose"),
        append_only("doses_tally"),
    ]
