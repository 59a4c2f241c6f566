"""All writes of alarms: raised by the worker, looked at by an auditor. Both are facts that stay."""

from uuid import UUID

from django.db import transaction

from tiemchung.accounts.models import Account, Role
from tiemchung.ground import audit, clock, sql
from tiemchung.ground.errors import InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.oversight import alarms
from tiemchung.oversight.models import Alarm, AlarmFinding


@transaction.atomic
def raise_due() -> int:
    """Raise what the logs of the last time give reason for. Gives how many.

    An alarm of today that nobody has looked at is not followed by a second of its rule about the same account; once
    somebody has, it is, as soon as what was done since is too much again.
    """
    sql.fetch_one(alarms.queries["take_turns_raising"])
    rows = [_alarm(over) for over in alarms.due(clock.now())]
    Alarm.objects.bulk_create(rows)
    for row in rows:
        audit.record("oversight.raise_alarm", by=None, subject=row.id, rule=row.rule, counted=row.counted)
    return len(rows)


@transaction.atomic
def look_at(*, alarm_id: UUID, finding: str, note: str, by: Account) -> AlarmFinding:
    """Say what an alarm turned out to be; a second finding stands beside the first.

    Raises NotFoundError, NotAllowedError for anybody but an auditor, InvalidInputError on finding and note.
    """
    if by.role != Role.AUDITOR:
        raise _auditors_only()
    if not Alarm.objects.filter(id=alarm_id).exists():
        raise _unknown()
    if finding not in AlarmFinding.Finding.values:
        raise _no_finding()
    if len(note) > AlarmFinding.NOTE:
        raise _note_long()
    row = AlarmFinding.objects.create(alarm_id=alarm_id, at=clock.now(), by=by.id, finding=finding, note=note.strip())
    audit.record("oversight.look_at_alarm", by=by.id, subject=alarm_id, finding=finding)
    return row


def _alarm(over: alarms.Excess) -> Alarm:
    return Alarm(
        id=new_id(),
        rule=over.rule.code,
        who=over.who,
        account_id=over.account_id,
        network=over.network,
        on=clock.today(),
        raised_at=clock.now(),
        since=over.since,
        until=over.until,
        counted=over.counted,
        more_than=over.more_than,
    )


def _auditors_only() -> NotAllowedError:
    return NotAllowedError(
        "auditors_only",
        field="account",
        vi="Chỉ kiểm toán viên ghi kết luận về báo động.",
        en="Only an auditor writes what an alarm turned out to be.",
    )


def _unknown() -> NotFoundError:
    return NotFoundError(
        "alarm_unknown",
        field="alarm_id",
        vi="Không có báo động này. Về danh sách báo động.",
        en="There is no such alarm. Go back to the list of alarms.",
    )


def _no_finding() -> InvalidInputError:
    return InvalidInputError(
        "finding_missing", field="finding", vi="Chưa chọn kết luận. Chọn một.", en="Choose what it turned out to be."
    )


def _note_long() -> InvalidInputError:
    return InvalidInputError(
        "note_long",
        field="note",
        vi=f"Ghi chú quá dài. Ghi tối đa {AlarmFinding.NOTE} ký tự, không ghi tên người dân.",
        en=f"The note is too long. Write at most {AlarmFinding.NOTE} characters, and no citizen's name.",
    )
