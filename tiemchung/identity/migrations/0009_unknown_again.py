from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("identity", "0008_handles_of_changes")]

    operations = [
        migrations.AlterField(
            model_name="recheck",
            name="why",
            field=models.CharField(
                choices=[
                    ("register_corrected", "Dữ liệu dân cư đã sửa"),
                    ("unknown_for_long", "Đã lâu chưa có số này"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddIndex(
            model_name="populationcheck",
            index=models.Index(
                fields=["answered_at"], condition=Q(verdict="unknown"), name="checks_that_were_unknown"
            ),
        ),
    ]
