"""What speaks against an injection? The same objections stop it before the needle and become findings after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from tiemchung.doses import course
from tiemchung.doses.histories import Entry
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError
from tiemchung.stock import policy as stock
from tiemchung.stock.models import Lot
from tiemchung.visits import presence
from tiemchung.visits.facts import PersonFacts, VisitFacts
from tiemchung.visits.models import Screening
from tiemchung.visits.policy import CLOCKS_DIFFER_BY
from tiemchung.visits.screening import ALLOWS_INJECTION

# Within a week two entries are one injection entered twice, or a slip in a date: no product's interval is shorter
# than 14 days, and the dose rules hold the same of such entries (their convention implausible_gap).
DOUBLE_WITHIN = timedelta(days=6)
# Findings by which an entry counts once with another: seen when it was recorded, or when two records became one.
POSSIBLE_DOUBLE, MERGED_DOUBLE = "possible_double", "merged_double"


@dataclass(frozen=True, slots=True)
class Injection:
    """One injection, about to be given or reported. `id` becomes that of the ledger entry."""

    id: UUID
    person_id: UUID
    facility_id: UUID
    product: str
    lot_number: str
    at: datetime
    source: str
    visit_id: UUID | None = None
    session_id: UUID | None = None
    arm: str = ""
    injected_by: UUID | None = None
    stated_number: int | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an injection is judged by. `province`: of the site; `history`: standing entries of the person;
    `met`: he is known at the site otherwise than by a bare id; `injector_known`: whoever injected has an account of the
    site.
    """

    person: PersonFacts
    history: Sequence[Entry]
    lot: Lot | None
    province: str
    visit: VisitFacts | None
    met: bool = True
    injector_known: bool = True


class PossibleDoubleError(ConflictError):
    """The person has an entry so near that it may be the same injection; `other` is that entry's id."""

    def __init__(self, other: Entry) -> None:
        self.other = other.id
        super().__init__(
            POSSIBLE_DOUBLE,
            field="person_id",
            vi=f"Người này đã có mũi {other.product} ngày {other.day:%d/%m/%Y}. Xem lại có phải cùng một mũi không.",
            en=f"This person has a {other.product} dose of {other.day:%d/%m/%Y}. Check whether it is the same one.",
        )


def objections(injection: Injection, facts: Circumstances) -> list[ConflictError]:
    """Say all that speaks against an injection: time, screening, who came, who gave it, lot, a double, dose rules."""
    found = [*_time(injection, facts.person), *_screening(facts.visit)]
    found += [] if facts.met else [presence.unproven()]
    found += [] if facts.injector_known else [_injector_unknown()]
    on = clock.local(injection.at).date()
    found += stock.objections(facts.lot, lot_number=injection.lot_number, product=injection.product, on=on)
    double = double_of(on, facts.history)
    return [*found, double] if double else [*found, *_rules(injection, facts)]


def _time(injection: Injection, person: PersonFacts) -> list[ConflictError]:
    if injection.at > clock.now() + CLOCKS_DIFFER_BY:
        return [_in_future(injection.at)]
    if clock.local(injection.at).date() < person.birth_date:
        return [_before_birth()]
    return []


def _screening(visit: VisitFacts | None) -> list[ConflictError]:
    if visit is None or visit.outcome in ALLOWS_INJECTION:
        return []
    return [_not_screened() if visit.outcome is None else _not_eligible(visit.outcome)]


def double_of(on: date, history: Sequence[Entry]) -> PossibleDoubleError | None:
    """Say which counted entry an injection of that day may be another entry of."""
    near = [entry for entry in history if abs(entry.day - on) <= DOUBLE_WITHIN and not entry.possible_double]
    return PossibleDoubleError(near[0]) if near else None


def _rules(injection: Injection, facts: Circumstances) -> list[ConflictError]:
    on = clock.local(injection.at).date()
    before = [entry for entry in facts.history if entry.day < on and not entry.possible_double]
    if course.is_allowed(facts.person, before, injection.product, on, facts.province):
        return []
    verdict = course.may_give(facts.person, before, injection.product, on, facts.province)
    return [ConflictError(verdict.code, field="product", vi=verdict.reason.vi, en=verdict.reason.en)]


def _injector_unknown() -> ConflictError:
    return ConflictError(
        "injector_unknown",
        field="injected_by",
        vi="Người tiêm chưa có tài khoản ở điểm tiêm này. Xem lại ai đã tiêm.",
        en="Whoever injected has no account at this site. Check who gave the injection.",
    )


def _in_future(at: datetime) -> ConflictError:
    return ConflictError(
        "injected_in_future",
        field="injected_at",
        vi=f"Giờ tiêm {clock.local(at):%H:%M %d/%m/%Y} còn chưa đến. Xem lại ngày giờ.",
        en=f"The injection time {clock.local(at):%d/%m/%Y %H:%M} lies ahead. Check date and time.",
    )


def _before_birth() -> ConflictError:
    return ConflictError(
        "injected_before_birth",
        field="injected_at",
        vi="Ngày tiêm trước ngày sinh. Xem lại hai ngày này.",
        en="The injection is dated before birth. Check both dates.",
    )


def _not_screened() -> ConflictError:
    return ConflictError(
        "not_screened",
        field="visit_id",
        vi="Người này chưa khám sàng lọc. Khám trước khi tiêm.",
        en="This person was not screened. Screen before injecting.",
    )


def _not_eligible(outcome: str) -> ConflictError:
    label = Screening.Outcome(outcome).label
    return ConflictError(
        "not_eligible",
        field="visit_id",
        vi=f"Khám sàng lọc kết luận: {label}. Không tiêm hôm nay.",
        en=f"Screening found: {outcome}. No injection today.",
    )
