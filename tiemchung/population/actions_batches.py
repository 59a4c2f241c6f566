"""All writes about batches: that one was answered and what left with it, which questions stay open, what changed."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from tiemchung.ground import clock, sql
from tiemchung.ground.batch_files import Manifest
from tiemchung.population import acts, refusals
from tiemchung.population.models import AnsweredBatch, QuestionOfBatch, Sent


def check_may_answer(manifest: Manifest) -> None:
    """Raises ConflictError when another batch was answered under this id."""
    earlier = AnsweredBatch.objects.filter(pk=manifest.batch).first()
    if earlier and earlier.digest != manifest.digest:
        raise refusals.other_batch()


@transaction.atomic
def note_answered(*, manifest: Manifest, answers: Manifest, walks: int, too_many: int) -> None:
    """Write down that a batch was answered and which files left; a walk is an alarm."""
    AnsweredBatch.objects.get_or_create(
        pk=manifest.batch,
        defaults={"digest": manifest.digest, "answered_at": clock.now(), "questions": manifest.rows},
    )
    Sent.objects.create(at=clock.now(), what=f"batch {manifest.batch}", body=answers.text)
    if walks or too_many:
        acts.note("limit", officer=None, limit="walk" if walks else "number", walks=walks, too_many=too_many)


@transaction.atomic
def keep_questions(*, rows: Iterable[tuple[str, str]]) -> int:
    """Keep (question, keyed number) of what was answered «wrong»; those kept already stay. Gives how many came."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept (id uuid, about varchar(64)) ON COMMIT DROP")
    count = sql.copy_rows("kept", ("id", "about"), rows)
    with connection.cursor() as cursor:
        table: Any = QuestionOfBatch._meta.db_table
        cursor.execute(f"INSERT INTO {table} SELECT DISTINCT ON (id) * FROM kept ON CONFLICT DO NOTHING")  # noqa: S608
        cursor.execute("DROP TABLE kept")
    return count
