from django.db import migrations

# All records of each human who is asked about, by any of his ids: asked, kept, and one row for each record.
MEMBERS = """
CREATE FUNCTION people_members(asked uuid[]) RETURNS TABLE (asked_id uuid, kept_id uuid, person_id uuid)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT wanted.id, coalesce(named.kept_id, wanted.id), coalesce(named.kept_id, wanted.id)
    FROM unnest(asked) AS wanted (id)
    LEFT JOIN people_mergedperson named ON named.person_id = wanted.id
    UNION ALL
    SELECT wanted.id, merged.kept_id, merged.person_id
    FROM unnest(asked) AS wanted (id)
    LEFT JOIN people_mergedperson named ON named.person_id = wanted.id
    JOIN people_mergedperson merged ON merged.kept_id = coalesce(named.kept_id, wanted.id)
$$;
"""
# A merge is a fact: all that may come to it later is its undoing, once.
UNDONE_ONCE = """
CREATE FUNCTION refuse_all_but_undo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.undone_at IS NOT NULL
       OR to_jsonb(OLD) - '{undone_at,undone_by,undo_reason}'::text[]
          IS DISTINCT FROM to_jsonb(NEW) - '{undone_at,undone_by,undo_reason}'::text[] THEN
        RAISE EXCEPTION 'a merge can only be undone, and once' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER people_merge_undone_once BEFORE UPDATE OR DELETE ON people_merge
    FOR EACH ROW EXECUTE FUNCTION refuse_all_but_undo();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_merges")]

    operations = [
        migrations.RunSQL(MEMBERS, "DROP FUNCTION people_members(uuid[]);"),
        migrations.RunSQL(
            UNDONE_ONCE,
            "DROP TRIGGER people_merge_undone_once ON people_merge; DROP FUNCTION refuse_all_but_undo();",
        ),
    ]
