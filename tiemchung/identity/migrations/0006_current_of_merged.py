from django.db import migrations

# As before, and a number of any record that was merged into the person's is the person's.
CURRENT = """
CREATE OR REPLACE VIEW identity_current AS
SELECT person.id AS person_id,
       CASE WHEN person.nationality <> 'VN' OR number.id IS NULL THEN 'not_sent'
            WHEN verdict.id IS NULL THEN 'unchecked'
            ELSE verdict.verdict END AS state,
       coalesce(verdict.fields, '{}'::jsonb) AS fields,
       verdict.answered_at
FROM people_person person
LEFT JOIN LATERAL (SELECT held.id FROM people_identitynumber held
                   WHERE held.person_id = ANY (person.id || ARRAY(SELECT merged.person_id FROM people_mergedperson merged
                                                                  WHERE merged.kept_id = person.id))
                     AND held.withdrawn_at IS NULL
                     AND held.kind IN ('cccd', 'cmnd', 'ma_dinh_danh') LIMIT 1) number ON true
LEFT JOIN LATERAL (SELECT asked.id, asked.verdict, asked.fields, asked.answered_at
                   FROM identity_populationcheck asked
                   WHERE asked.person_id = person.id AND asked.verdict <> ''
                     AND asked.statement_id = (SELECT said.id FROM people_personstatement said
                                               WHERE said.person_id = person.id ORDER BY said.id DESC LIMIT 1)
                     AND NOT EXISTS (SELECT FROM identity_recheck anew
                                     WHERE anew.person_id = person.id AND anew.at > asked.asked_at)
                   ORDER BY asked.asked_at DESC LIMIT 1) verdict ON true
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0005_duplicates"), ("people", "0005_members")]

    operations = [migrations.RunSQL(sql=CURRENT, reverse_sql=migrations.RunSQL.noop)]
