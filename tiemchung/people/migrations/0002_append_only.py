from django.db import migrations

from tiemchung.ground.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        append_only("people_personstatement"),
    ]
