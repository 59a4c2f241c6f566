from django.db import migrations

# Who answers for a record: the commune of residence, else the area of the site of the latest injection, else that of the
# account that stated it last. A record of none of these is the nation's.
AREA = """
CREATE VIEW identity_record_area AS
SELECT person.id AS person_id,
       coalesce(person.residence_id,
                (SELECT facility.area_id FROM doses_dose dose
                 JOIN places_facility facility ON facility.id = dose.facility_id
                 WHERE dose.person_id = person.id ORDER BY dose.injected_at DESC LIMIT 1),
                (SELECT coalesce(facility.area_id, account.area_id) FROM people_personstatement said
                 JOIN accounts_account account ON account.id = said.by
                 LEFT JOIN places_facility facility ON facility.id = account.facility_id
                 WHERE said.person_id = person.id AND coalesce(facility.area_id, account.area_id) IS NOT NULL
                 ORDER BY said.id DESC LIMIT 1)) AS area_id
FROM people_person person
"""


class Migration(migrations.Migration):
    dependencies = [
        ("identity", "0009_unknown_again"),
        ("people", "0006_content_may_go"),
        ("doses", "0003_over_merged_records"),
        ("accounts", "0005_programs_and_quotas"),
    ]

    operations = [migrations.RunSQL(sql=AREA, reverse_sql="DROP VIEW identity_record_area")]
