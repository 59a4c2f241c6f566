from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0007_batches")]

    operations = [
        migrations.AddField(model_name="changelist", name="handles", field=models.JSONField(default=list, db_default=[]))
    ]
