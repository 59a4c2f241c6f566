from django.db import migrations

from tiemchung.ground.append_only import may_go


class Migration(migrations.Migration):
    dependencies = [("people", "0005_members")]

    operations = [may_go("people_personstatement", "content", dated_by="at")]
