from django.db import migrations

from tiemchung.ground.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("passports", "0001_initial")]

    operations = [
        append_only("passports_attestation"),
        append_only("passports_attesteddose"),
        append_only("passports_passport"),
        append_only("passports_revocation"),
    ]
