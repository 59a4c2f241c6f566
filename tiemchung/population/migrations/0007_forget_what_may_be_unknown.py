"""Earlier batches kept questions answered «unknown» too, and their verdict is not kept: a list of changes would name them."""

from typing import Any

from django.db import migrations, models


def forget(apps: Any, _: Any) -> None:
    """Empty the table: what was «wrong» cannot be told from what must not be told (docs/adr/0049)."""
    apps.get_model("population", "QuestionOfBatch").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("population", "0006_second_factor")]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="signinattempt",
            index=models.Index(fields=["succeeded", "at"], name="population__succeed_7db227_idx"),
        ),
    ]
