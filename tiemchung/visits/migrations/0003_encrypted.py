from datetime import datetime

from django.db import migrations, models

from tiemchung.ground import encryption
from tiemchung.ground.encrypted_fields import EncryptedJSONField

BATCH = 2000
TABLES = ("visits_siteevent", "visits_quarantinedevent")


def encrypt(apps, schema_editor):
    """Fill the encrypted columns from the plain ones, a batch at a time."""
    for model, fill in (("SiteEvent", _taken), ("QuarantinedEvent", _quarantined)):
        rows = apps.get_model("visits", model).objects
        batch = []
        for row in rows.iterator(BATCH):
            names = fill(row)
            batch.append(row)
            if len(batch) == BATCH:
                rows.bulk_update(batch, names)
                batch = []
        if batch:
            rows.bulk_update(batch, names)


def _taken(row):
    row.content = row.plain_content
    row.digest = encryption.digests_of_sha256(row.digest)[0]
    return ["content", "digest"]


def _quarantined(row):
    kind = row.plain_content.get("kind")
    row.kind = kind if isinstance(kind, str) and len(kind) <= 30 else ""
    row.made_at = _moment(row.plain_content.get("made_at"))
    return [*_taken(row), "kind", "made_at"]


def _moment(written):
    try:
        moment = datetime.fromisoformat(written)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo and 2000 <= moment.year <= 2200 else None


def _switch(trigger):
    return migrations.RunSQL([f"ALTER TABLE {table} {trigger} TRIGGER {table}_append_only" for table in TABLES])


class Migration(migrations.Migration):
    """What devices sent is encrypted from here on (docs/adr/0023).

    The old columns' bytes stay in their pages until the tables are written anew: run VACUUM FULL afterwards.
    """

    dependencies = [("visits", "0002_append_only")]

    operations = [
        migrations.RenameField("siteevent", "content", "plain_content"),
        migrations.RenameField("quarantinedevent", "content", "plain_content"),
        migrations.AddField("siteevent", "content", EncryptedJSONField(purpose="site_event", null=True)),
        migrations.AddField("quarantinedevent", "content", EncryptedJSONField(purpose="site_event", null=True)),
        migrations.AddField("quarantinedevent", "kind", models.CharField(max_length=30, blank=True, default=""), False),
        migrations.AddField("quarantinedevent", "made_at", models.DateTimeField(null=True)),
        migrations.AlterField("siteevent", "digest", models.CharField(max_length=80)),
        migrations.AlterField("quarantinedevent", "digest", models.CharField(max_length=80)),
        _switch("DISABLE"),
        migrations.RunPython(encrypt),
        _switch("ENABLE"),
        migrations.RemoveField("siteevent", "plain_content"),
        migrations.RemoveField("quarantinedevent", "plain_content"),
    ]
