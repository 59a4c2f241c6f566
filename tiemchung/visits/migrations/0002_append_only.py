from django.db import migrations

from tiemchung.ground.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("visits", "0001_initial")]

    operations = [
        append_only("visits_siteevent"),
        append_only("visits_quarantinedevent"),
    ]
