"""All writes of batches: which questions go out, which answers came in, whom a change of the register is about."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tiemchung.ground import audit, batch_files, clock, sql
from tiemchung.ground.batch_files import Manifest
from tiemchung.ground.errors import ConflictError
from tiemchung.ground.ids import new_id
from tiemchung.identity import batches
from tiemchung.identity.actions import ask_anew, pauses
from tiemchung.identity.models import ChangeList, CheckBatch, PopulationCheck, Recheck

queries = batches.queries
MOST = 2_000_000  # questions of one batch: its persons are held in memory together
_CHECK_COLUMNS = (
    "id",
    "person_id",
    "statement_id",
    "batch_id",
    "asked_at",
    "asked_by",
    "verdict",
    "fields",
    "handle",
    "fault",
)


@dataclass(frozen=True)
class Imported:
    """What became of the rows of answers. Only `taken` changed a verdict, only `faults` and `nonsense` a fault.

    `had`: answered before; `double`: several answers to one question, none believed; `never_asked`: not of this batch.
    """

    rows: int = 0
    taken: int = 0
    had: int = 0
    faults: int = 0
    nonsense: int = 0
    double: int = 0
    never_asked: int = 0

    def plus(self, row: dict[str, Any]) -> "Imported":
        """Add the counts of a file."""
        mine = asdict(self)
        return Imported(**{one.name: mine[one.name] + int(row[one.name]) for one in fields(self)})


def export(*, folder: Path, by: UUID | None, form: str = "parquet", limit: int = MOST) -> CheckBatch:
    """Write everybody who is unchecked into a batch for the population side; one that was left unfinished goes on.

    Raises ConflictError when there is nobody to ask about, or the folder holds another batch.
    """
    batch = CheckBatch.objects.filter(written_at=None).order_by("made_at").first() or _begin(by, limit)
    if batch_files.is_finished(folder):
        raise ConflictError(
            "folder_taken",
            field="folder",
            vi="Thư mục này đã có một lô. Chọn thư mục trống.",
            en="The folder holds a batch already. Choose an empty one.",
        )
    manifest = batches.write_questions(batch, folder, form)
    return _finish(batch, manifest, by)


@transaction.atomic
def _begin(by: UUID | None, limit: int) -> CheckBatch:
    now = clock.now()
    due = sql.fetch_tuples(queries["due_for_batch"], pauses(now) | {"limit": limit})
    if not due:
        raise ConflictError(
            "nobody_unchecked",
            field="persons",
            vi="Không còn ai chưa đối chiếu. Không cần gửi lô.",
            en="Nobody is unchecked. There is no batch to send.",
        )
    batch = CheckBatch.objects.create(made_at=now, made_by=by)
    rows = ((new_id(), person, said, batch.pk, now, by, "", "{}", "", "") for person, said in due)
    sql.copy_rows(PopulationCheck._meta.db_table, _CHECK_COLUMNS, rows)
    audit.record("identity.batch", by=by, subject=batch.pk, asked=len(due))
    return batch


@transaction.atomic
def _finish(batch: CheckBatch, manifest: Manifest, by: UUID | None) -> CheckBatch:
    batch.written_at, batch.digest = clock.now(), manifest.digest
    batch.save(update_fields=["written_at", "digest"])
    audit.record("identity.batch_written", by=by, subject=batch.pk, rows=manifest.rows)
    return batch


def import_answers(*, folder: Path, by: UUID | None) -> Imported:
    """Take in the answers of a batch, file by file; taking them in twice changes nothing.

    Raises InvalidInputError for a folder that is not whole or not the population side's; ConflictError for answers to
    a batch that was never sent, or was sent with other content.
    """
    manifest = batches.read_answers(folder)
    batch = CheckBatch.objects.filter(pk=manifest.batch).first()
    if batch is None or batch.digest != manifest.answers_to or not batch.digest:
        raise ConflictError(
            "answers_to_nothing",
            field="answers_to",
            vi="Đây không phải trả lời cho lô nào đã gửi. Kiểm tra lại thư mục.",
            en="These are no answers to a batch that was sent. Check the folder.",
        )
    found = Imported()
    for one in manifest.files:
        found = found.plus(_take(batch, folder / one.name, by))
    _close(batch, by, found)
    return found


@transaction.atomic
def _take(batch: CheckBatch, path: Path, by: UUID | None) -> dict[str, Any]:
    _answers_or_changes()
    sql.execute(queries["answers_in"])
    sql.copy_rows("answers_in", ("id", "verdict", "fields", "handle", "fault"), batches.answers(path))
    found = sql.fetch_one(queries["answers_counted"], {"batch": batch.pk}) or {}
    counts: dict[str, Any] = {name: int(count) for name, count in found.items()}
    about = {"batch": batch.pk, "made_at": batch.made_at, "now": clock.now()}
    changed = [person for (person,) in sql.fetch_tuples(queries["answers_taken"], about)]
    audit.record("identity.batch_answers", by=by, subject=batch.pk, **counts)
    if changed:
        ask_anew(person_ids=changed, why=Recheck.Why.REGISTER_CORRECTED, by=by)
    sql.execute(queries["answers_gone"])
    return counts


def _answers_or_changes() -> None:
    """Answers and lists of changes are taken in one after the other, so that each sees what the other brought."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('identity.batches', 0))")


@transaction.atomic
def _close(batch: CheckBatch, by: UUID | None, found: Imported) -> None:
    if batch.imported_at is None:
        batch.imported_at = clock.now()
        batch.save(update_fields=["imported_at"])
    audit.record("identity.batch_imported", by=by, subject=batch.pk, **asdict(found))


@transaction.atomic
def import_changes(*, path: Path, by: UUID | None) -> int:
    """Ask anew about everybody whom a signed list of changes is about; the same list again changes nothing.

    Its handles are kept: a batch that was answered before the change may come in after the list.
    Gives how many persons. Raises InvalidInputError for a list that cannot be read or is not signed, ConflictError for
    one that begins after a change that was never told: going on after it would leave that change out for good.
    """
    changes = batches.read_changes(path)
    _answers_or_changes()
    _check_follows(changes.after)
    _, is_new = ChangeList.objects.get_or_create(
        digest=changes.digest,
        defaults={"upto": changes.upto, "handles": list(changes.handles), "at": clock.now(), "by": by},
    )
    if not is_new:
        return 0
    about = {"handles": list(changes.handles), "questions": list(changes.questions)}
    persons = [person for (person,) in sql.fetch_tuples(queries["changed_persons"], about)]
    return ask_anew(person_ids=persons, why=Recheck.Why.REGISTER_CORRECTED, by=by)


def _check_follows(after: int) -> None:
    last = last_change()
    if after > last:
        raise ConflictError(
            "changes_missing",
            field="after",
            vi=f"Danh sách bắt đầu sau thay đổi {after}, ở đây mới có đến {last}. Nhận danh sách sau {last} trước.",
            en=f"The list begins after change {after}; here is only up to {last}. Take the list after {last} first.",
        )


def last_change() -> int:
    """The last change of the register that was taken in, for the population side to go on after it."""
    return ChangeList.objects.order_by("-upto").values_list("upto", flat=True).first() or 0
