from django.db import migrations, models

# As before, and whose human an entry is: `kept_id` is the record that speaks for the one it was written under. A double
# that came about when two records became one counts once too, until somebody has looked.
STANDING = """
CREATE OR REPLACE VIEW doses_standing AS
SELECT dose.*,
       EXISTS (SELECT FROM doses_dosefinding finding
               WHERE finding.dose_id = dose.id AND finding.resolved_at IS NULL) AS has_finding,
       EXISTS (SELECT FROM doses_dosefinding finding
               WHERE finding.dose_id = dose.id AND finding.resolved_at IS NULL
                 AND finding.code IN ('possible_double', 'merged_double')) AS possible_double,
       coalesce(merged.kept_id, dose.person_id) AS kept_id
FROM doses_dose dose
LEFT JOIN people_mergedperson merged ON merged.person_id = dose.person_id
WHERE dose.void_reason = ''
  AND NOT EXISTS (SELECT FROM doses_dose later WHERE later.supersedes_id = dose.id);
"""
RESOLUTIONS = [("stands", "Đúng"), ("corrected", "Đã sửa"), ("parted", "Đã tách hồ sơ")]


class Migration(migrations.Migration):
    dependencies = [("doses", "0002_append_only"), ("people", "0005_members")]

    operations = [
        migrations.AlterField(
            model_name="dosefinding",
            name="resolution",
            field=models.CharField(blank=True, choices=RESOLUTIONS, max_length=10),
        ),
        migrations.RunSQL(STANDING, migrations.RunSQL.noop),
    ]
