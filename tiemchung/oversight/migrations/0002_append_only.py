from django.db import migrations

from tiemchung.ground.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial")]

    operations = [
        append_only("oversight_seal"),
        append_only("oversight_sealedleaves"),
    ]
