from django.db import migrations

from tiemchung.ground.append_only import append_only

# Entries that stand: neither superseded nor void. Course, stock and figures leave out an open possible double.
STANDING = """
CREATE VIEW doses_standing AS
SELECT dose.*,
       EXISTS (SELECT FROM doses_dosefinding finding
               WHERE finding.dose_id = dose.id AND finding.resolved_at IS NULL) AS has_finding,
       EXISTS (SELECT FROM doses_dosefinding finding
               WHERE finding.dose_id = dose.id AND finding.resolved_at IS NULL
                 AND finding.code = 'possible_double') AS possible_double
FROM doses_dose dose
WHERE dose.void_reason = ''
  AND NOT EXISTS (SELECT FROM doses_dose later WHERE later.supersedes_id = dose.id);
"""


class Migration(migrations.Migration):
    dependencies = [("doses", "0001_initial")]

    operations = [
        append_only("doses_dose"),
        append_only("doses_tally"),
        migrations.RunSQL(STANDING, "DROP VIEW doses_standing;"),
    ]
