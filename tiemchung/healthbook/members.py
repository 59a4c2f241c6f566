"""How does each of the family stand, and what is to be done? Read from facts; the first thing that needs doing wins."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from tiemchung.accounts.models import Account
from tiemchung.campaigns import lookup as campaigns
from tiemchung.campaigns.models import Invitation, Registration
from tiemchung.cleaning import causes
from tiemchung.doses import course
from tiemchung.doses.course import Course
from tiemchung.dosing import Due
from tiemchung.ground import clock
from tiemchung.healthbook import days
from tiemchung.identity import states as identity
from tiemchung.identity.states import IdentityState, Standing
from tiemchung.linkage.wording import say
from tiemchung.look import words
from tiemchung.passports import states as passports
from tiemchung.passports.models import Passport
from tiemchung.people import lookup, merges
from tiemchung.people.models import Holder, Person, Relation, Sex
from tiemchung.visits.models import Visit

PRIMARY = "primary"
USUAL_COURSE = 2  # doses, before a first one tells


@dataclass(frozen=True)
class Foot:
    """The one state and the one act that a card's foot shows."""

    kind: str
    word: str
    act: str
    url: str
    urgent: bool = False


@dataclass(frozen=True)
class Member:
    """One person of the family with all that the pages say of him."""

    holder: Holder
    course: Course
    identity: Standing
    passport: Passport | None
    registration: Registration | None
    invitation: Invitation | None

    @property
    def person(self) -> Person:
        """Whom it is about."""
        return self.holder.person

    @property
    def color(self) -> str:
        """The card's color in the words of the look."""
        return {"none": "blank"}.get(self.course.card, self.course.card)

    @property
    def note(self) -> str:
        """«Con gái, sinh 2009»."""
        return gettext("%(relation)s, sinh %(year)s") % {
            "relation": relation_word(self.holder.relation, self.person.sex),
            "year": self.person.birth_date.year,
        }

    @property
    def given(self) -> int:
        """Doses of the primary course that were given."""
        return sum(dose.kind == PRIMARY for dose in self.course.answer.doses)

    @property
    def of(self) -> int:
        """Doses that the primary course has."""
        series = [dose.sd for dose in self.course.answer.doses if dose.kind == PRIMARY and dose.sd]
        return max([*series, self.given]) if series else USUAL_COURSE

    @property
    def boosters(self) -> int:
        """Doses after the primary course."""
        return len(self.course.doses) - self.given

    @property
    def due(self) -> Due | None:
        """The next dose by the rules of today."""
        return self.course.answer.due

    @property
    def due_now(self) -> bool:
        """Say whether the next dose may be had today."""
        return self.due is not None and self.due.from_ <= clock.today()

    @cached_property
    def foot(self) -> Foot:
        """What the card's foot says."""
        return self._trouble() or self._passport_held() or self._coming() or self._waiting()

    def _trouble(self) -> Foot | None:
        """What bars card or passport, and its cure."""
        if self.course.barred:
            return Foot("caution", gettext("Có mũi đang được xem lại"), gettext("Xem"), self.page("card"))
        if self.identity.state in (IdentityState.WRONG, IdentityState.UNKNOWN):
            return self._urgent("caution", wrong_word(self.identity), gettext("Sửa"), "correct")
        if self.course.answer.complete_since and self.identity.state is IdentityState.NOT_SENT:
            return Foot(
                "caution", gettext("Chưa có số căn cước"), gettext("Thêm số"), self.page("correct"), urgent=True
            )
        return None

    def _passport_held(self) -> Foot | None:
        if self.passport is None:
            return None
        return Foot("ok", gettext("Hộ chiếu còn hạn"), gettext("Mở mã"), self.page("passport"))

    def _coming(self) -> Foot | None:
        if self.invitation is None:
            return None
        when = clock.local(self.invitation.slot_at)
        word = gettext("Hẹn %(day)s") % {"day": days.inline(when.date())}
        return Foot("wait", word, gettext("Mở mã"), self.page("code"))

    def _waiting(self) -> Foot:
        if self.course.answer.complete_since:
            return Foot("wait", gettext("Hộ chiếu đang chờ ký"), gettext("Xem"), self.page("passport"))
        if self.registration is None and self.due is not None:
            return self._urgent("unknown", gettext("Chưa đăng ký tiêm"), gettext("Đăng ký"), "register")
        if self.due is not None and not self.due_now:
            word = gettext("%(dose)s từ %(day)s") % {
                "dose": dose_word(self.due),
                "day": words.short_day(self.due.from_),
            }
            return Foot("wait", word, gettext("Xem"), self.page("card"))
        return Foot("wait", gettext("Đã đăng ký, chờ lịch hẹn"), gettext("Xem"), self.page("card"))

    def _urgent(self, kind: str, word: str, act: str, page: str) -> Foot:
        return Foot(kind, word, act, self.page(page), urgent=True)

    def page(self, name: str) -> str:
        """The address of a page about this person."""
        return reverse(f"healthbook:{name}", args=[self.person.id])


def family(account: Account) -> list[Member]:
    """All whom the account holds, oneself first."""
    return members(lookup.family_of(account))


def members(holders: list[Holder]) -> list[Member]:
    """How each of these persons stands."""
    ids = [holder.person_id for holder in holders]
    courses, standings = course.of_many(ids), identity.of_many(ids)
    registrations, invitations = campaigns.live_registrations(ids), first_invitations(ids)
    return [
        Member(
            holder=holder,
            course=courses[holder.person_id],
            identity=standings.get(holder.person_id, Standing(IdentityState.NOT_SENT)),
            passport=passports.current(holder.person_id),
            registration=registrations.get(holder.person_id),
            invitation=invitations.get(holder.person_id),
        )
        for holder in holders
    ]


def first_invitations(person_ids: list[UUID]) -> dict[UUID, Invitation]:
    """The next invitation of each person who has one and has not come to it yet."""
    found: dict[UUID, Invitation] = {}
    whose = merges.whose(person_ids)
    visits = Visit.objects.filter(person_id__in=whose).values_list("person_id", "session_id")
    came = {(whose[record], session) for record, session in visits}
    for invitation in campaigns.coming_invitations(person_ids):
        if (whose[invitation.person_id], invitation.session_id) not in came:
            found.setdefault(whose[invitation.person_id], invitation)
    return found


def relation_word(relation: str, sex: str) -> str:
    """What the person is to the reader: «Chồng», «Con gái»."""
    if relation != Relation.SELF and sex == Sex.UNKNOWN:
        return gettext("Người thân")
    woman = sex == Sex.FEMALE
    return {
        Relation.SELF: pgettext("relation", "Tôi"),
        Relation.SPOUSE: gettext("Vợ") if woman else gettext("Chồng"),
        Relation.CHILD: gettext("Con gái") if woman else gettext("Con trai"),
        Relation.PARENT: gettext("Mẹ") if woman else gettext("Cha"),
    }.get(Relation(relation), gettext("Người thân"))


def field_word(field: str) -> str:
    """What a field of identity is called."""
    return {
        "full_name": gettext("Họ tên"),
        "birth_date": gettext("Ngày sinh"),
        "sex": gettext("Giới tính"),
        "number": gettext("Số căn cước"),
        "identity_number": gettext("Số căn cước"),
    }.get(field, gettext("Thông tin"))


def wrong_word(standing: Standing) -> str:
    """«Ngày sinh chưa khớp»: which field, never which value."""
    wrong = standing.wrong_fields or ["identity_number"]
    return gettext("%(field)s chưa khớp") % {"field": field_word(wrong[0])}


def cures_of(standing: Standing) -> list[str]:
    """The cure of each field that differs, as the holder may read it: the sentence does not tell the known value."""
    wrong = [(field, standing.fields[field]) for field in standing.wrong_fields] or [("number", "unknown")]
    pairs = [say(field, causes.kind_of(field, kind)) for field, kind in wrong]
    return [vi if words.vietnamese() else en for vi, en in pairs]


def dose_word(due: Due) -> str:
    """«Mũi 2», «Mũi nhắc lại»."""
    if due.kind == PRIMARY:
        return gettext("Mũi %(number)s") % {"number": due.number}
    return gettext("Mũi bổ sung") if due.kind == "additional" else gettext("Mũi nhắc lại")
