from django.db import migrations

from tiemchung.ground.append_only import append_only

# How each task stands: the table of cleaning/states.py, for sets.
CURRENT = """
CREATE VIEW cleaning_current AS
SELECT task.*,
       CASE WHEN task.closed_at IS NOT NULL THEN 'cured'
            WHEN identity.state = 'unchecked' THEN 'awaiting_check'
            WHEN last.step IS NULL THEN 'at_station'
            WHEN last.step = 'given_to_hamlet' THEN 'with_hamlet'
            WHEN last.step = 'sent_to_police' THEN 'with_police'
            WHEN last.step = 'sent_to_site' THEN 'with_site'
            WHEN last.step = 'set_aside' THEN 'set_aside'
            ELSE 'returned' END AS state
FROM cleaning_cleaningtask task
LEFT JOIN LATERAL (SELECT taken.step FROM cleaning_cleaningstep taken
                   WHERE taken.task_id = task.id ORDER BY taken.id DESC LIMIT 1) last ON true
LEFT JOIN identity_current identity ON identity.person_id = task.person_id
"""
# What the worker looks through each minute is what was written lately: an index of a few pages finds it.
LATELY = """
CREATE INDEX populationcheck_answered_lately ON identity_populationcheck USING brin (answered_at);
CREATE INDEX personstatement_said_lately ON people_personstatement USING brin (at);
"""
NOT_LATELY = "DROP INDEX populationcheck_answered_lately; DROP INDEX personstatement_said_lately;"


class Migration(migrations.Migration):
    dependencies = [("cleaning", "0001_initial"), ("identity", "0004_current_until_recheck"), ("people", "0003_encrypted")]

    operations = [
        migrations.RunSQL(sql=CURRENT, reverse_sql="DROP VIEW cleaning_current"),
        migrations.RunSQL(sql=LATELY, reverse_sql=NOT_LATELY),
        append_only("cleaning_cleaningstep"),
        append_only("cleaning_policenotice"),
    ]
