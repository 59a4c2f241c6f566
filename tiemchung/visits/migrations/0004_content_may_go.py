from django.db import migrations

from tiemchung.ground.append_only import may_go


class Migration(migrations.Migration):
    dependencies = [("visits", "0003_encrypted")]

    operations = [
        may_go("visits_siteevent", "content", dated_by="received_at"),
        may_go("visits_quarantinedevent", "content", dated_by="received_at"),
    ]
