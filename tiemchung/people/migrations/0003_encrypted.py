import json
from hashlib import sha256

from django.db import migrations, models

from tiemchung.ground import encryption
from tiemchung.ground.encrypted_fields import EncryptedJSONField, EncryptedTextField

BATCH = 2000


def encrypt(apps, schema_editor):
    """Fill the encrypted columns from the plain ones, a batch at a time."""
    for model, fill in (("Person", _person), ("IdentityNumber", _number), ("PersonStatement", _statement)):
        rows = apps.get_model("people", model).objects
        batch = []
        for row in rows.iterator(BATCH):
            names = fill(row)
            batch.append(row)
            if len(batch) == BATCH:
                rows.bulk_update(batch, names)
                batch = []
        if batch:
            rows.bulk_update(batch, names)


def _person(row):
    row.insurance_number = row.plain_insurance_number
    return ["insurance_number"]


def _number(row):
    row.value = row.plain_value
    row.look_up = encryption.look_up(row.plain_value, purpose="identity_number")
    return ["value", "look_up"]


def _statement(row):
    row.content = row.plain_content
    plain = sha256(json.dumps(row.plain_content, sort_keys=True).encode()).hexdigest()
    row.digest = encryption.digests_of_sha256(plain)[0]
    return ["content", "digest"]


class Migration(migrations.Migration):
    """Identity and insurance numbers and statements are encrypted from here on (docs/adr/0023).

    The old columns' bytes stay in their pages until the tables are written anew: run VACUUM FULL afterwards.
    """

    dependencies = [("people", "0002_append_only")]

    operations = [
        migrations.RemoveConstraint("identitynumber", "one_number_once"),
        migrations.RemoveIndex("identitynumber", "people_iden_value_3b64ce_idx"),
        migrations.RenameField("person", "insurance_number", "plain_insurance_number"),
        migrations.RenameField("identitynumber", "value", "plain_value"),
        migrations.RenameField("personstatement", "content", "plain_content"),
        migrations.AddField("person", "insurance_number", EncryptedTextField(purpose="insurance_number", null=True)),
        migrations.AddField("identitynumber", "value", EncryptedTextField(purpose="identity_number", null=True)),
        migrations.AddField("identitynumber", "look_up", models.BinaryField(max_length=16, null=True)),
        migrations.AddField("personstatement", "content", EncryptedJSONField(purpose="statement", null=True)),
        migrations.AddField("personstatement", "digest", models.CharField(max_length=80, null=True)),
        migrations.RunSQL("ALTER TABLE people_personstatement DISABLE TRIGGER people_personstatement_append_only"),
        migrations.RunPython(encrypt),
        migrations.RunSQL("ALTER TABLE people_personstatement ENABLE TRIGGER people_personstatement_append_only"),
        migrations.RemoveField("person", "plain_insurance_number"),
        migrations.RemoveField("identitynumber", "plain_value"),
        migrations.RemoveField("personstatement", "plain_content"),
        migrations.AlterField(
            "person", "insurance_number", EncryptedTextField(purpose="insurance_number", blank=True, default="")
        ),
        migrations.AlterField("identitynumber", "value", EncryptedTextField(purpose="identity_number")),
        migrations.AlterField("identitynumber", "look_up", models.BinaryField(max_length=16)),
        migrations.AlterField("personstatement", "digest", models.CharField(max_length=80)),
        migrations.AddIndex("identitynumber", models.Index(fields=["look_up"], name="people_iden_look_up_cb3a6d_idx")),
        migrations.AddConstraint(
            "identitynumber",
            models.UniqueConstraint(
                condition=models.Q(withdrawn_at__isnull=True), fields=("person", "kind", "look_up"), name="one_number_once"
            ),
        ),
    ]
