"""Opening the accounts of a whole list at once: twelve thousand in seconds, each with its activation code.

What the list needs to know is read with a query for each kind of thing, each line is judged in memory, and everything
is written by COPY in one transaction. Sending the same list again opens nothing and gives no code anew, unless new
codes are asked for: then for those alone who have not used theirs, as after a printer that failed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import connection, transaction

from tiemchung.accounts import activation, policy, scope
from tiemchung.accounts.actions_four_eyes import GUARDED
from tiemchung.accounts.models import Account, Activation
from tiemchung.accounts.staff_list import Line, Reading
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import ConflictError, NotAllowedError, NotFoundError, RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.ground.line_faults import Fault
from tiemchung.ground.models import AuditEntry
from tiemchung.ground.rows import Planned
from tiemchung.places.models import Area, Facility
from tiemchung.vietnam.names import fold


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed to a new member of staff; the code is told once."""

    username: str
    name: str
    place: str
    code: str


@dataclass(slots=True)
class Imported:
    """What became of a list. With `wrote` false nothing was written."""

    wrote: bool
    slips: list[Slip] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


def import_staff(
    *, reading: Reading, by: Account | None, only_good_lines: bool = False, new_codes: bool = False
) -> Imported:
    """Open the accounts of a list. With a fault in any line nothing is opened, unless `only_good_lines`.

    `new_codes` also gives a new code to those of the list who are open and have not activated theirs.
    """
    with transaction.atomic():
        _wait_for_other_lists()
        judged = _Judged(reading, by)
        if judged.faults and not only_good_lines:
            return Imported(False, faults=judged.faults, unchanged=len(judged.unchanged))
        waiting = [line for line in judged.unchanged if new_codes and judged.is_waiting(line)]
        slips = [*_open(judged, by), *_renew(judged, waiting, by)]
        return Imported(True, slips, len(judged.unchanged) - len(waiting), judged.faults)


class _Judged:
    """The lines of a list beside what there is: new ones, those that are open as written, and faults."""

    def __init__(self, reading: Reading, by: Account | None) -> None:
        self.new: list[Line] = []
        self.unchanged: list[Line] = []
        self.faults = list(reading.faults)
        self._by = by
        self._reach = scope.parameters(by) if by else {"scope_facilities": None, "scope_areas": None}
        self._roles = policy.roles_administered(by) if by else None
        self._read(reading.lines)
        for line in reading.lines:
            try:
                (self.unchanged if self._is_open(line) else self.new).append(line)
            except RefusedError as error:
                self.faults.append(Fault.of(line.number, error))
        self.faults.sort(key=lambda fault: fault.line)

    def _read(self, lines: list[Line]) -> None:
        codes = {line.facility for line in lines}
        self.facilities = {one.code: one for one in Facility.objects.filter(code__in=codes)}
        self.areas = {one.code: one for one in Area.objects.filter(code__in={line.area for line in lines})}
        names = [line.username for line in lines]
        there = Account.objects.select_related("api_client")
        self.known = {one.username: one for one in there.filter(username__in=names)}

    def facility_id(self, line: Line) -> UUID | None:
        return self.facilities[line.facility].id if line.facility else None

    def place(self, line: Line) -> str:
        found: Facility | Area | None = self.facilities.get(line.facility) or self.areas.get(line.area)
        return found.name if found else ""

    def is_waiting(self, line: Line) -> bool:
        return self.known[line.username].password.startswith(UNUSABLE_PASSWORD_PREFIX)

    def _is_open(self, line: Line) -> bool:
        """Say whether the account is open as written. Raises RefusedError for what cannot be opened."""
        if line.facility and line.facility not in self.facilities:
            raise _unknown("facility", "cơ sở", "facility")
        if line.area and line.area not in self.areas:
            raise _unknown("area", "địa bàn", "area")
        self._check_may(line)
        known = self.known.get(line.username)
        if known is None:
            return False
        self._check_same(line, known)
        return True

    def _check_may(self, line: Line) -> None:
        if self._roles is not None and line.role not in self._roles:
            raise _may_not("role")
        if self._by and line.role in GUARDED:
            raise _one_by_one()
        facilities, areas = self._reach["scope_facilities"], self._reach["scope_areas"]
        if line.facility and facilities is not None and self.facility_id(line) not in facilities:
            raise _may_not("facility")
        if line.area and areas is not None and line.area not in areas:
            raise _may_not("area")

    def _check_same(self, line: Line, known: Account) -> None:
        """A name that is taken may be somebody else's, or a program's: nothing of that account is told."""
        written = (line.name, line.role, self.facility_id(line), line.area or None, line.expires_on)
        there = (known.display_name, known.role, known.facility_id, known.area_id, known.expires_on)
        if written != there or hasattr(known, "api_client"):
            raise ConflictError(
                "account_exists",
                field="username",
                vi="Tên này đã có tài khoản khác với dòng này. Chọn tên khác, hoặc sửa trên trang của tài khoản.",
                en="An account of this name exists and differs. Choose another name, or change it on its own page.",
            )


def _one_by_one() -> NotAllowedError:
    return NotAllowedError(
        "guarded_role_in_list",
        field="role",
        vi="Vai trò này cần hai người quản lý. Mở từng tài khoản trên trang, rồi nhờ người thứ hai mở khóa.",
        en="This role takes two who administer it. Open each account on its page, then let the second resume it.",
    )


def _open(judged: _Judged, by: Account | None) -> list[Slip]:
    planned = Planned(Account, Activation, AuditEntry)
    slips = []
    for line in judged.new:
        account_id, facility_id = new_id(), judged.facility_id(line)
        planned.add(
            Account,
            id=account_id,
            username=line.username,
            display_name=line.name,
            folded=fold(line.name)[:120],
            role=str(line.role),
            password=make_password(None),
            facility_id=facility_id,
            area_id=line.area or None,
            created_at=clock.now(),
            expires_on=line.expires_on,
        )
        _note(planned, "accounts.open", by, account_id, facility_id, {"role": str(line.role), "by_list": True})
        slips.append(_slip(planned, judged, line, account_id))
    planned.write()
    audit.record("accounts.import", by=by.id if by else None, opened=len(slips), faults=len(judged.faults))
    return slips


def _renew(judged: _Judged, lines: Iterable[Line], by: Account | None) -> list[Slip]:
    planned = Planned(Activation, AuditEntry)
    slips = []
    for line in lines:
        account = judged.known[line.username]
        _note(planned, "accounts.new_code", by, account.id, account.facility_id, {"by_list": True})
        slips.append(_slip(planned, judged, line, account.id))
    planned.write()
    return slips


def _slip(planned: Planned, judged: _Judged, line: Line, account_id: UUID) -> Slip:
    code, now = activation.new_code(), clock.now()
    planned.add(
        Activation,
        id=new_id(),
        account_id=account_id,
        hashed=activation.hash_of(code),
        made_at=now,
        expires_at=now + activation.HOLDS,
    )
    return Slip(line.username, line.name, judged.place(line), code)


def _note(planned: Planned, act: str, by: Account | None, subject: UUID, facility_id: UUID | None, detail: Any) -> None:
    planned.add(
        AuditEntry,
        at=clock.now(),
        act=act,
        by=by.id if by else None,
        subject=subject,
        facility_id=facility_id,
        detail=detail,
    )


def _wait_for_other_lists() -> None:
    """One list at a time: of two sent at one moment, the second finds what the first opened."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('accounts.import', 0))")


def _unknown(column: str, vi: str, en: str) -> NotFoundError:
    return NotFoundError(
        f"{column}_unknown",
        field=column,
        vi=f"Không có {vi} mang mã này. Xem lại mã.",
        en=f"There is no {en} of that code. Check the code.",
    )


def _may_not(column: str) -> NotAllowedError:
    return NotAllowedError(
        "may_not_administer",
        field=column,
        vi="Ngoài phạm vi quản lý của bạn. Bỏ dòng này, hoặc gửi danh sách cho cấp trên.",
        en="This is outside what you administer. Leave the line out, or send the list to the level above.",
    )
