from django.db import migrations

from tiemchung.ground.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]

    operations = [
        append_only("complaints_complaint"),
        append_only("complaints_complaintphoto"),
        append_only("complaints_complaintstep"),
    ]
