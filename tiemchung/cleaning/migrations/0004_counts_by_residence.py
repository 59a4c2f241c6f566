import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cleaning", "0003_counts"), ("places", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="taskcount",
            name="province",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"
            ),
        ),
    ]
