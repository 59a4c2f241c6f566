"""How is a device's batch taken in? As reports of what happened: everything is kept, once, and answered in order.

The whole batch is read with a few queries, judged in memory event by event, and written a table at a time in one
transaction. An event that cannot be taken is quarantined and touches no other. When another writer was faster, the
batch is judged again on what is there now, and as a last resort event by event, each in a transaction of its own.

A single act, as stations with a network send them, is first taken for a new one: was it sent before, its row is there
already, nothing is written, and it is looked at again with what was sent before.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, OperationalError, transaction

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.ground import audit, clock, encryption, sql
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.ground.rows import Planned
from tiemchung.visits import policy
from tiemchung.visits.batches import Stages, Taker, Wanted
from tiemchung.visits.content import unreadable
from tiemchung.visits.events import Answer, Event, Kind, Outcome, Unreadable, read
from tiemchung.visits.facts import Known, queries
from tiemchung.visits.models import QuarantinedEvent, SiteEvent

LARGEST_BATCH = 500  # events
_ONE_STATEMENT = (Kind.CHECKED_IN, Kind.SCREENED, Kind.OBSERVATION_ENDED)  # writes so
_Met = tuple[str, tuple[dict[str, str], ...]]  # digest and findings of an event that was sent before
TRIES_TOGETHER = 3


def take(sent: Sequence[Any], *, by: Account, stages: Stages) -> list[Answer]:
    """Take in a batch of events, as they came from JSON, and answer each in order; all is durable on return.

    `stages` gives the takers; those of a later stage see what an earlier one wrote. Raises InvalidInputError for more
    than 500 events, NotAllowedError for an account of no facility.
    """
    if len(sent) > LARGEST_BATCH:
        raise _too_many(len(sent))
    return _take([read(each) for each in sent], by, stages)


def retry(*, quarantined_id: UUID, by: Account, stages: Stages) -> Answer:
    """Take in again, under its own id, what could not be taken when it came; once it was taken this is harmless.

    What it records stays with whoever sent it, as long as he works here. Raises NotFoundError, alike for
    what another facility sent.
    """
    waiting = QuarantinedEvent.objects.filter(id=quarantined_id).first()
    if waiting is None or waiting.content is None or not scope.can_act_at(by, waiting.facility_id):
        raise _not_waiting()
    event = replace(read(waiting.content), id=waiting.event_id, digests=(waiting.digest,))
    sender = Account.objects.filter(id=waiting.received_from, facility_id=waiting.facility_id).first()
    (answer,) = _take([event], sender or by, stages)
    _note_retry(waiting, by, str(answer.answer))
    return answer


@transaction.atomic
def _note_retry(waiting: QuarantinedEvent, by: Account, answer: str) -> None:
    """Apart from what was taken, whose own entry stands with it: this one says who asked for it again."""
    audit.record("visits.retry_event", by=by.id, subject=waiting.id, facility_id=waiting.facility_id, answer=answer)


def _take(events: Sequence[Event | Unreadable], by: Account, stages: Stages) -> list[Answer]:
    ways = [_as_new] if _is_one_act(events) else []
    for take_in in [*ways, *[_together] * TRIES_TOGETHER]:
        try:
            return take_in(events, by, stages)
        except (_UnsettledError, IntegrityError, OperationalError):
            continue  # another writer was faster, or two waited for each other: judge again on what is there now
        except DataError:
            break
    return [_alone(event, by, stages) for event in events]


def _is_one_act(events: Sequence[Event | Unreadable]) -> bool:
    return len(events) == 1 and events[0].kind in (*_ONE_STATEMENT, Kind.INJECTED)


def _as_new(events: Sequence[Event | Unreadable], by: Account, stages: Stages) -> list[Answer]:
    """Take in one act that most likely was not sent before. Raises _UnsettledError, or IntegrityError, if it may be.

    An act of the floor is judged by what it names and written by one statement: that is a transaction by itself.
    Before an injection other recorders of the person's doses are made to wait, which takes a transaction.
    """
    is_alone = events[0].kind in _ONE_STATEMENT and not transaction.get_connection().in_atomic_block
    with nullcontext() if is_alone else transaction.atomic():
        batch = _Batch(events, by, {})
        batch.go_through(stages)
        if not batch.is_taken:
            raise _UnsettledError
        return batch.close()


@transaction.atomic
def _together(events: Sequence[Event | Unreadable], by: Account, stages: Stages) -> list[Answer]:
    had = sql.fetch_tuples(queries.had, {"events": list({event.id for event in events})})
    batch = _Batch(events, by, {event_id: (digest, tuple(json.loads(findings))) for event_id, digest, findings in had})
    batch.go_through(stages)
    return batch.close()


def _alone(event: Event | Unreadable, by: Account, stages: Stages) -> Answer:
    try:
        return _together([event], by, stages)[0]
    except DataError:
        why: RefusedError = unreadable("content")
    except IntegrityError:
        why = policy.IdTakenError("content")
    return _together([Unreadable(event.id, event.digests, event.kept, why)], by, stages)[0]


class _UnsettledError(Exception):
    """What is to be answered hangs on whether the event was sent before, which was not asked."""


class _Batch:
    """The events of one batch, what is known, and what is to be answered to each. `had`: those sent before, by id."""

    def __init__(self, events: Sequence[Event | Unreadable], by: Account, had: dict[UUID, _Met]) -> None:
        self.by = by
        self.known = Known(scope.own_facility(by))
        self.events = events
        self.answers: dict[int, Answer] = {}
        self.planned = Planned()
        self.quarantined: list[QuarantinedEvent] = []
        self.waiting: dict[int, Event] = {}
        self._sort_out(had)

    @property
    def is_taken(self) -> bool:
        """Every event was taken, with findings or without: each will be a row, which nobody else has made."""
        taken = {Outcome.ACCEPTED, Outcome.FINDINGS}
        return not self.waiting and all(answer.answer in taken for answer in self.answers.values())

    def go_through(self, stages: Stages) -> None:
        """Let the takers of each stage take what is theirs."""
        for takers in stages(self.known, self.by, self.planned):
            self.take_at(takers)

    def take_at(self, takers: Sequence[Taker]) -> None:
        """Let the takers of one stage take the events that are theirs."""
        acts = [(index, taker, act) for taker in takers for index, act in self._acts_for(taker)]
        wanted = Wanted()
        for taker in takers:
            taker.name([act for _, its, act in acts if its is taker], wanted)
        self.known.read(
            visits=wanted.visits, persons=wanted.persons, sessions=wanted.sessions, check_ins=wanted.check_ins
        )
        for taker in takers:
            taker.prepare([act for _, its, act in acts if its is taker])
        for index, taker, act in sorted(acts, key=lambda each: each[0]):
            self._take(index, taker, act)

    def close(self) -> list[Answer]:
        """Write all that was planned and the events themselves; give the answers in the order of the batch."""
        for index, event in self.waiting.items():
            self._quarantine(index, event, unreadable("kind"))
        answers = [self.answers[index] for index in range(len(self.events))]
        self._record(answers)
        self.planned.write()
        QuarantinedEvent.objects.bulk_create(self.quarantined, ignore_conflicts=True)
        return answers

    def _sort_out(self, had: dict[UUID, _Met]) -> None:
        """Answer what was sent before, what cannot be read and what is out of scope; the rest waits for its taker."""
        met = dict(had)
        for index, event in enumerate(self.events):
            if event.id in met:
                self.answers[index] = _met(event, *met[event.id])
                continue
            met[event.id] = (event.digests[0], ())
            if isinstance(event, Unreadable):
                self._quarantine(index, event, event.why)
            elif not scope.can_act_at(self.by, event.facility_id):
                self._quarantine(index, event, _out_of_scope())
            else:
                self.waiting[index] = event

    def _acts_for(self, taker: Taker) -> Iterable[tuple[int, Any]]:
        for index, event in list(self.waiting.items()):
            if event.kind in taker.reads:
                try:
                    yield index, taker.reads[event.kind](event)
                except RefusedError as error:
                    self._quarantine(index, self.waiting.pop(index), error)

    def _take(self, index: int, taker: Taker, act: Any) -> None:
        event = self.waiting.pop(index)
        try:
            found = taker.take(act) + _clock_ahead(event)
        except policy.IdTakenError as error:
            self.answers[index] = Answer(event.id, Outcome.CONFLICT, (error.as_json(),))
            return None
        except RefusedError as error:
            return self._quarantine(index, event, error)
        findings = tuple(each.as_json() for each in found)
        self._keep(event, findings)
        self.answers[index] = Answer(event.id, Outcome.FINDINGS if findings else Outcome.ACCEPTED, findings)
        return None

    def _keep(self, event: Event, findings: tuple[dict[str, str], ...]) -> None:
        self.planned.add(
            SiteEvent,
            id=event.id,
            facility_id=self.known.facility_id,
            kind=event.kind,
            made_at=event.made_at,
            received_at=clock.now(),
            received_from=self.by.id,
            digest=event.digests[0],
            content=event.kept,
            findings=list(findings),
        )

    def _quarantine(self, index: int, event: Event | Unreadable, why: RefusedError) -> None:
        self.quarantined.append(
            QuarantinedEvent(
                id=new_id(),
                event_id=event.id,
                facility_id=self.known.facility_id,
                received_at=clock.now(),
                received_from=self.by.id,
                kind=event.kind,
                made_at=event.made_at,
                digest=event.digests[0],
                content=event.kept,
                reason=why.as_json(),
            )
        )
        self.answers[index] = Answer(event.id, Outcome.QUARANTINED, (why.as_json(),))

    def _record(self, answers: Sequence[Answer]) -> None:
        counts = {str(outcome): sum(each.answer == outcome for each in answers) for outcome in Outcome}
        facility_id, detail = self.known.facility_id, {"events": counts}
        taken = audit.entry("visits.take_events", by=self.by.id, facility_id=facility_id, detail=detail)
        self.planned.add(AuditEntry, **taken)


def _met(event: Event | Unreadable, digest: str, findings: tuple[dict[str, str], ...]) -> Answer:
    if encryption.is_other(digest, event.digests):
        return Answer(event.id, Outcome.CONFLICT, (_other_content().as_json(),))
    return Answer(event.id, Outcome.ALREADY_HAD, findings)


def _not_waiting() -> NotFoundError:
    return NotFoundError(
        "quarantined_unknown",
        field="quarantined_id",
        vi="Không thấy mục này. Tải lại trang rồi chọn lại.",
        en="This item is not there. Load the page again and choose it.",
    )


def _clock_ahead(event: Event) -> list[RefusedError]:
    """A device whose clock runs ahead orders events wrongly; somebody must set it."""
    return [_runs_ahead()] if event.made_at > clock.now() + policy.CLOCKS_DIFFER_BY else []


def _too_many(count: int) -> InvalidInputError:
    return InvalidInputError(
        "batch_too_large",
        field="events",
        vi=f"Gửi {count} sự kiện một lần, nhiều nhất là {LARGEST_BATCH}. Chia ra rồi gửi lại.",
        en=f"{count} events in one batch; at most {LARGEST_BATCH}. Send them in parts.",
    )


def _other_content() -> ConflictError:
    return ConflictError(
        "event_id_taken",
        field="id",
        vi="Mã sự kiện này đã gửi với nội dung khác. Bản gửi trước được giữ.",
        en="This event id was sent before with other content. What was sent first is kept.",
    )


def _out_of_scope() -> NotAllowedError:
    return NotAllowedError(
        "out_of_scope",
        field="facility_id",
        vi="Sự kiện này của cơ sở khác. Máy chủ đã giữ lại; đăng nhập bằng tài khoản của cơ sở đó rồi gửi lại.",
        en="This event belongs to another facility. The server has kept it; sign in there and send it again.",
    )


def _runs_ahead() -> ConflictError:
    return ConflictError(
        "clock_ahead",
        field="made_at",
        vi="Đồng hồ của máy chạy nhanh. Chỉnh lại giờ trên máy.",
        en="The device's clock runs ahead. Set its time.",
    )
