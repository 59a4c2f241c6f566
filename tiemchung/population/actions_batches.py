"""All writes about batches: that one was answered and what left with it, which questions stay open, what changed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from tiemchung.ground import clock, sql
from tiemchung.ground.batch_files import Manifest
from tiemchung.population import acts, refusals
from tiemchung.population.models import AnsweredBatch, QuestionOfBatch, RecordsOfBatch, Sent

DAY = timedelta(days=1)


def counted_at(manifest: Manifest) -> datetime:
    """When the batch's questions count: within a day of its answer as then, so that it is answered alike; later as now.

    What was asked on the day before a day that is over is not kept, and nobody's bounds hang on it any more.
    """
    now = clock.now()
    earlier = AnsweredBatch.objects.filter(pk=manifest.batch, answered_at__gt=now - DAY).first()
    return earlier.answered_at if earlier else now


def check_may_answer(manifest: Manifest) -> None:
    """Raises ConflictError when another batch was answered under this id."""
    earlier = AnsweredBatch.objects.filter(pk=manifest.batch).first()
    if earlier and earlier.digest != manifest.digest:
        raise refusals.other_batch()


@transaction.atomic
def note_answered(*, manifest: Manifest, answers: Manifest, at: datetime, walks: int, too_many: int) -> None:
    """Write down that a batch was answered, as of `at`, and which files left; a walk is an alarm."""
    AnsweredBatch.objects.update_or_create(
        pk=manifest.batch,
        defaults={"digest": manifest.digest, "answered_at": at, "questions": manifest.rows},
    )
    Sent.objects.create(at=clock.now(), what=f"batch {manifest.batch}", body=answers.text)
    if walks or too_many:
        acts.note("limit", officer=None, limit="walk" if walks else "number", walks=walks, too_many=too_many)


@transaction.atomic
def count_records(*, batch: UUID, at: datetime, rows: Iterable[tuple[str, int]]) -> None:
    """Let (record, questions) of a batch count for the day that began at `at`; the same batch again counts once.

    What is older than two days counts for no batch that may still come again as of its own day, and goes.
    """
    RecordsOfBatch.objects.filter(Q(batch=batch) | Q(at__lte=clock.now() - 2 * DAY)).delete()
    named = ((batch, record, questions, at) for record, questions in rows)
    sql.copy_rows(RecordsOfBatch._meta.db_table, ("batch", "record", "questions", "at"), named)


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
