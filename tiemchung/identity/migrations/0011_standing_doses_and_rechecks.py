from django.db import migrations, models
from django.db.models import Q

# Where a record belongs: its residence, else the area where it was vaccinated last (what was voided or superseded says
# nothing), else the area of the account that stated it last. A record of none of these is the nation's.
AREA = """
CREATE OR REPLACE VIEW identity_record_area AS
SELECT person.id AS person_id,
       coalesce(person.residence_id,
                (SELECT facility.area_id FROM doses_standing dose
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
    dependencies = [("identity", "0010_record_area")]

    operations = [
        migrations.RunSQL(sql=AREA, reverse_sql=migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="recheck",
            index=models.Index(fields=["at"], condition=Q(why="unknown_for_long"), name="rechecks_by_the_clock"),
        ),
    ]
