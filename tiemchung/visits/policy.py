"""What speaks against an act on the floor? Objections in words: before it they stop it, after it they are findings."""

from datetime import datetime, timedelta

from tiemchung.campaigns.models import Session
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError
from tiemchung.visits.facts import VisitFacts

CLOCKS_DIFFER_BY = timedelta(minutes=10)  # a device's clock and ours


class AlreadyCheckedInError(ConflictError):
    """The person has a visit to this session; `visit` names it, so that the page can go on with it."""

    def __init__(self, visit: VisitFacts) -> None:
        self.visit = visit
        super().__init__(
            "already_checked_in",
            field="person_id",
            vi=f"Người này đã được tiếp đón lúc {_hour(visit.checked_in_at)}. Mở lại lượt đó.",
            en=f"This person was checked in at {_hour(visit.checked_in_at)}. Go on with that visit.",
        )


class IdTakenError(ConflictError):
    """The same id stands for other content: a slip of the sender, never a second try. What came first is kept."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "id_taken",
            field=field,
            vi="Mã này đã ghi trước đó với nội dung khác. Tải lại trang, xem bản đã ghi rồi làm lại.",
            en="This id was recorded before with other content. Load the page again, see what stands, and repeat.",
        )


def not_on_its_day(session: Session, at: datetime) -> list[ConflictError]:
    """A check-in belongs to the day of its session, by Viet Nam's clock."""
    if clock.local(at).date() == session.on:
        return []
    return [
        ConflictError(
            "session_on_another_day",
            field="session_id",
            vi=f"Buổi tiêm này vào ngày {session.on:%d/%m/%Y}. Chọn buổi tiêm hôm nay.",
            en=f"This session is on {session.on:%d/%m/%Y}. Choose today's session.",
        )
    ]


def already_screened() -> ConflictError:
    return ConflictError(
        "already_screened",
        field="visit_id",
        vi="Lượt này đã khám xong. Xem kết quả khám rồi làm bước tiếp theo.",
        en="This visit was screened already. See its outcome and take the next step.",
    )


def not_injected() -> ConflictError:
    return ConflictError(
        "not_injected",
        field="visit_id",
        vi="Lượt này chưa ghi mũi tiêm. Ghi mũi tiêm trước khi cho về.",
        en="No injection is recorded for this visit. Record it before letting the person go.",
    )


def already_ended(visit: VisitFacts) -> ConflictError:
    at = _hour(visit.ended_at) if visit.ended_at else ""
    return ConflictError(
        "already_ended",
        field="visit_id",
        vi=f"Người này đã được cho về lúc {at}. Không cần làm gì thêm.",
        en=f"This person was let go at {at}. Nothing more is to be done.",
    )


def _hour(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M}"
