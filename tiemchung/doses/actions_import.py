"""Recording a list of doses that were given and not recorded: eight million of a campaign, a thousand in a commune.

A batch of lines is one transaction, and each dose has the id that follows from whom, where, what and which day: a list
that is sent twice, or again after a kill in its middle, records nothing twice. What is read is judged as any report
from paper is: it happened, so it is recorded, and what speaks against it becomes findings.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import partial
from itertools import chain, islice
from uuid import UUID

from django.db import connection, transaction

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.doses import histories
from tiemchung.doses.injections import Injections
from tiemchung.doses.late_list import Line
from tiemchung.doses.models import Dose
from tiemchung.doses.policy import Injection
from tiemchung.ground import audit, clock, hands, sql
from tiemchung.ground.errors import NotAllowedError, NotFoundError, RefusedError
from tiemchung.ground.line_faults import Fault
from tiemchung.people.numbers import look_ups
from tiemchung.visits.facts import Known
from tiemchung.visits.policy import IdTakenError

BATCH = 1_000  # lines of one transaction; the records of their persons are locked that long
queries = histories.queries


@dataclass(slots=True)
class Recorded:
    """What became of lines: `recorded` doses, of them `with_findings` to be looked at; `known` ones were there."""

    recorded: int = 0
    with_findings: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)

    def add(self, other: "Recorded") -> None:
        """Count another batch too."""
        self.recorded += other.recorded
        self.with_findings += other.with_findings
        self.known += other.known
        self.faults += other.faults


def record_list(
    read: Iterable[Line | Fault], *, facility_id: UUID, by: UUID, alone: bool = False
) -> Iterator[Recorded]:
    """Record the doses of a list at a facility; gives what became of each batch of lines, in no promised order.

    Of more than a batch all cores work, unless this process is to do it `alone`, or has a transaction open. Raises
    NotAllowedError for an account that is shut, and for a facility out of its reach.
    """
    account = Account.objects.get(pk=by)
    if not account.is_active:
        raise _shut()
    scope.check_acts_at(account, facility_id)
    batches = _batches(read)
    first = list(islice(batches, 2))
    record = partial(record_lines, facility_id=facility_id, by=by)
    if alone or len(first) < 2 or connection.in_atomic_block:
        yield from map(record, [*first, *batches])
        return
    with hands.others() as others:
        yield from others.share(record, chain(first, batches))


def _batches(read: Iterable[Line | Fault]) -> Iterator[Sequence[Line | Fault]]:
    lines = iter(read)
    while batch := list(islice(lines, BATCH)):
        yield batch


@transaction.atomic
def record_lines(read: Sequence[Line | Fault], *, facility_id: UUID, by: UUID) -> Recorded:
    """Record one batch in one transaction; of a line that cannot be recorded gives the fault."""
    lines = [one for one in read if isinstance(one, Line)]
    done = Recorded(faults=[one for one in read if isinstance(one, Fault)])
    persons = _persons(lines)
    known = Known(facility_id)
    known.read(persons=set(persons.values()))
    injections = {line.number: _injection(line, persons, facility_id) for line in lines if line.number in persons}
    planned = Injections(known, by)
    planned.read(
        [one.id for one in injections.values()], set(persons.values()), [one.lot_number for one in injections.values()]
    )
    for line in lines:
        _record(line, injections.get(line.number), planned, done)
    planned.write()
    if lines:
        audit.record(
            "doses.import", by=by, facility_id=facility_id, recorded=done.recorded, known=done.known,
            faults=len(done.faults),
        )  # fmt: skip
    return done


def _record(line: Line, injection: Injection | None, planned: Injections, done: Recorded) -> None:
    try:
        if injection is None:
            raise _nobody()
        if planned.has(injection.id):
            planned.give(injection)
            done.known += 1
            return
        done.with_findings += bool(planned.give(injection))
        done.recorded += 1
    except IdTakenError:
        done.faults.append(Fault.of(line.number, _otherwise()))
    except RefusedError as error:
        done.faults.append(Fault.of(line.number, error))


def _persons(lines: Sequence[Line]) -> dict[int, UUID]:
    """The record that each line is about: number, name and birth date are one record's, the oldest of several."""
    hashes = [look_ups([line.identity]) for line in lines]
    flat = [(line.number, hashed) for line, of_line in zip(lines, hashes, strict=True) for hashed in of_line]
    rows = sql.fetch_tuples(
        queries.persons_of_numbers,
        {"lines": [number for number, _ in flat], "look_ups": [hashed for _, hashed in flat]},
        binary=True,
    )
    wanted = {line.number: (line.name_key, line.birth_date, line.birth_precision) for line in lines}
    found: dict[int, UUID] = {}
    for number, person_id, *stated in rows:
        if wanted[number] == tuple(stated):
            found.setdefault(number, person_id)
    return found


def _injection(line: Line, persons: dict[int, UUID], facility_id: UUID) -> Injection:
    person_id = persons[line.number]
    return Injection(
        id=_id_of(person_id, facility_id, line),
        person_id=person_id,
        facility_id=facility_id,
        product=line.product,
        lot_number=line.lot_number,
        at=line.injected_at,
        source=Dose.Source.LATE_ENTRY,
        stated_number=line.stated_number,
    )


def _id_of(person_id: UUID, facility_id: UUID, line: Line) -> UUID:
    """The same for the same person, facility, product and day; it sorts by the day, as ids of version 7 do (RFC 9562,
    version 8)."""
    facts = f"{person_id}{facility_id}{line.product}{line.injected_at:%Y%m%d}"
    hashed = hashlib.sha256(facts.encode()).digest()[:10]
    day = _day_in_ms(line)
    number = int.from_bytes(day.to_bytes(6, "big") + hashed, "big")
    number = number & ~(0xF000 << 64) | (8 << 76)
    return UUID(int=number & ~(0xC000 << 48) | (0x8000 << 48))


def _day_in_ms(line: Line) -> int:
    """Milliseconds of the day of injection, in Viet Nam's time, since 1970."""
    return int(datetime.combine(line.injected_at.date(), time.min, clock.VIETNAM).timestamp() * 1000)


def _nobody() -> NotFoundError:
    """Alike for a number that nobody has and for one of somebody else: a list is no way to ask whose a number is."""
    return NotFoundError(
        "person_unknown",
        field="number",
        vi="Không có hồ sơ nào mang số, họ tên và ngày sinh này. Xem lại trên phiếu, hoặc nhập người này trước.",
        en="No record has this number, name and birth date. Check the paper, or enter the person first.",
    )


def _otherwise() -> NotFoundError:
    return NotFoundError(
        "recorded_otherwise",
        field="lot",
        vi="Mũi của người này, loại này, ngày này đã ghi với lô, giờ hay mũi số khác. Sửa ở trang của mũi ấy.",
        en="This dose is recorded already, with another lot, time or number. Correct it on its own page.",
    )


def _shut() -> NotAllowedError:
    return NotAllowedError(
        "account_shut",
        field="by",
        vi="Tài khoản này đang khóa hoặc đã hết hạn. Ghi tên người đang làm việc ở cơ sở.",
        en="This account is suspended or has ended. Name somebody who works at the facility.",
    )
