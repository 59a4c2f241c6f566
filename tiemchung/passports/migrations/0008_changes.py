import django.db.models.deletion
from django.db import migrations, models

# What may bring a person a passport, or take away what hinders one, leaves his id here, in the transaction that wrote
# it: so it is seen when that is committed, whoever wrote it and however long that took (docs/adr/0070). Whoever may
# write a dose, a verdict or a merge may add a change, and no more: the owner lends that alone.
CHANGES = """
CREATE FUNCTION passports_change_of_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO passports_change (person_id) SELECT DISTINCT person_id FROM written;
    RETURN NULL;
END $$;
CREATE FUNCTION passports_change_of_answers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO passports_change (person_id) SELECT DISTINCT person_id FROM written WHERE verdict <> '';
    RETURN NULL;
END $$;
CREATE FUNCTION passports_change_of_revocations() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO passports_change (person_id)
    SELECT DISTINCT passport.person_id FROM written JOIN passports_passport passport ON passport.id = written.passport_id;
    RETURN NULL;
END $$;
CREATE FUNCTION passports_change_of_correction() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO passports_change (person_id)
    SELECT NEW.person_id UNION SELECT earlier.person_id FROM doses_dose earlier WHERE earlier.id = NEW.supersedes_id;
    RETURN NULL;
END $$;
CREATE FUNCTION passports_change_of_finding() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO passports_change (person_id) VALUES (NEW.person_id);
    RETURN NULL;
END $$;
CREATE FUNCTION passports_change_of_person() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    -- asked here and not by the trigger's WHEN: on that the columns' types would hang
    IF (NEW.full_name, NEW.sex, NEW.birth_date, NEW.birth_precision)
       IS DISTINCT FROM (OLD.full_name, OLD.sex, OLD.birth_date, OLD.birth_precision) THEN
        INSERT INTO passports_change (person_id) VALUES (NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION passports_change_of_merge() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO passports_change (person_id) VALUES (OLD.person_id), (OLD.kept_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO passports_change (person_id) VALUES (NEW.person_id), (NEW.kept_id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER passports_change AFTER INSERT ON passports_attesteddose REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION passports_change_of_rows();
CREATE TRIGGER passports_change AFTER INSERT ON passports_revocation REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION passports_change_of_revocations();
CREATE TRIGGER passports_change_asked AFTER INSERT ON identity_populationcheck REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION passports_change_of_answers();
CREATE TRIGGER passports_change_answered AFTER UPDATE ON identity_populationcheck REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION passports_change_of_answers();
CREATE TRIGGER passports_change AFTER INSERT ON doses_dose
    FOR EACH ROW WHEN (NEW.supersedes_id IS NOT NULL) EXECUTE FUNCTION passports_change_of_correction();
CREATE TRIGGER passports_change AFTER UPDATE ON doses_dosefinding
    FOR EACH ROW WHEN (NEW.resolved_at IS DISTINCT FROM OLD.resolved_at) EXECUTE FUNCTION passports_change_of_finding();
CREATE TRIGGER passports_change AFTER UPDATE ON people_person
    FOR EACH ROW EXECUTE FUNCTION passports_change_of_person();
CREATE TRIGGER passports_change AFTER INSERT OR UPDATE OR DELETE ON people_mergedperson
    FOR EACH ROW EXECUTE FUNCTION passports_change_of_merge();
"""
NO_CHANGES = """
DROP TRIGGER passports_change ON passports_attesteddose;
DROP TRIGGER passports_change ON passports_revocation;
DROP TRIGGER passports_change_asked ON identity_populationcheck;
DROP TRIGGER passports_change_answered ON identity_populationcheck;
DROP TRIGGER passports_change ON doses_dose;
DROP TRIGGER passports_change ON doses_dosefinding;
DROP TRIGGER passports_change ON people_person;
DROP TRIGGER passports_change ON people_mergedperson;
DROP FUNCTION passports_change_of_rows();
DROP FUNCTION passports_change_of_answers();
DROP FUNCTION passports_change_of_revocations();
DROP FUNCTION passports_change_of_correction();
DROP FUNCTION passports_change_of_finding();
DROP FUNCTION passports_change_of_person();
DROP FUNCTION passports_change_of_merge();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("passports", "0007_hindrance"),
        ("doses", "0003_over_merged_records"),
        ("identity", "0011_standing_doses_and_rechecks"),
        ("people", "0006_content_may_go"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.person")),
            ],
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("lasts_until", models.DateTimeField()),
                ("basis", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_last_round")],
            },
        ),
        migrations.AddIndex(
            model_name="passport",
            index=models.Index(fields=["expires_at"], name="passports_by_their_end"),
        ),
        migrations.RunSQL(CHANGES, NO_CHANGES),
    ]
