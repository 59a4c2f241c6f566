"""What a person can show: the code for the site, the card, the passport."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from tiemchung import hcert
from tiemchung.doses import course
from tiemchung.doses.histories import Entry
from tiemchung.dosing import DoseAnswer
from tiemchung.hcert.forms import form as certificate_form
from tiemchung.hcert.names import FILLER
from tiemchung.healthbook import countries
from tiemchung.healthbook.asking import held_by, in_english
from tiemchung.healthbook.members import Member, members, wrong_word
from tiemchung.identity.models import PopulationCheck
from tiemchung.identity.states import IdentityState
from tiemchung.look.words import day, said
from tiemchung.passports import states as passports
from tiemchung.passports.models import AttestedDose, Passport
from tiemchung.people import personal_qr
from tiemchung.people.models import Person
from tiemchung.places.models import Facility

NATIONALITY = 3  # the field of Decision 5772/QĐ-BYT that the certificate cannot carry
INJECTED_ON = 6
SHOWN_ABOVE = (1, 2)  # name and birth date stand on the passport's face


@dataclass(frozen=True)
class DoseLine:
    """One line of the card's table."""

    entry: Entry
    answer: DoseAnswer
    vaccine: str
    place: str


@dataclass(frozen=True)
class Voucher:
    """Who vouches for what: three, one after the other."""

    who: str
    what: str
    done: bool


@dataclass(frozen=True)
class Missing:
    """Why there is no passport yet, and the cure."""

    kind: str
    title: str
    text: str
    act: str = ""
    url: str = ""


@require_GET
def code(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The personal QR code for the site. Number, day and month of birth are hidden until asked for."""
    member = _member(request, person_id)
    person, number = member.person, personal_qr.number_of(member.person)
    shown = "hien" in request.GET
    context = {
        "member": member,
        "text": personal_qr.text_of(person),
        "number": number if shown else number[-4:],
        "born": personal_qr.born(person).vi if shown else str(person.birth_date.year),
        "shown": shown,
    }
    return render(request, "healthbook/code.html", context)


@require_GET
def card(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The certificate: every dose, what they amount to, what comes next and by which rule."""
    member = _member(request, person_id)
    return render(request, "healthbook/card.html", {"member": member, "lines": dose_lines(member)})


@require_GET
def passport(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The passport, or why there is none yet and the cure."""
    holder = held_by(request, person_id)
    held = passports.current(holder.person_id)
    if held is None:  # only then is it asked what the course amounts to, and what else there is of the person
        member = members([holder])[0]
        return render(request, "healthbook/no_passport.html", {"member": member, "missing": missing(member)})
    person = holder.person
    content, born = hcert.decode(held.text).dcc, personal_qr.born(person)
    context = {
        "person": person,
        "passport": held,
        "latin": latin_name(content["nam"]),
        "born": born.en if in_english() else born.vi,
        "fields": shown_fields(held, content, person),
        "vouchers": vouchers(held),
    }
    return render(request, "healthbook/passport.html", context)


def dose_lines(member: Member) -> list[DoseLine]:
    """The doses that count, the first one first."""
    places = dict(
        Facility.objects.filter(id__in={entry.facility_id for entry in member.course.doses}).values_list("id", "name")
    )
    return [
        DoseLine(
            entry=entry,
            answer=answer,
            vaccine=course.name_of(entry.product),
            place=places[entry.facility_id],
        )
        for entry, answer in zip(member.course.doses, member.course.answer.doses, strict=True)
    ]


def shown_fields(held: Passport, content: dict[str, object], person: Person) -> list[tuple[str, str, str]]:
    """The fields of the passport's form below its face: name in the page's language, in the other one, value."""
    form = certificate_form(held.form)
    languages = ("en", "vi") if in_english() else ("vi", "en")
    values = {number: value for number, _, value in form.displayed(content, languages[0])}
    values[NATIONALITY] = countries.names(languages[0]).get(person.nationality, person.nationality)
    values[INJECTED_ON] = day(date.fromisoformat(values[INJECTED_ON]))
    return [
        (field.names[languages[0]], field.names[languages[1]], values[field.number])
        for field in form.fields
        if field.number not in SHOWN_ABOVE
    ]


def latin_name(name: dict[str, str]) -> str:
    """The name as the officer reads it: NGUYEN<<THI<THU<HANH."""
    return (2 * FILLER).join(part for part in (name.get("fnt"), name.get("gnt")) if part)


def vouchers(held: Passport) -> list[Voucher]:
    """Site, population side, centre."""
    attested = AttestedDose.objects.filter(dose=held.dose_id).select_related("attestation__facility").first()
    checked = (
        PopulationCheck.objects.filter(person=held.person_id, verdict=PopulationCheck.Verdict.RIGHT)
        .order_by("-answered_at")
        .first()
    )
    return [
        Voucher(
            attested.attestation.facility.name if attested else gettext("Cơ sở tiêm chủng"),
            gettext("Bảo đảm đã tiêm mũi này, %(day)s") % {"day": day(attested.attestation.attested_at)}
            if attested
            else gettext("Chưa ký dữ liệu mũi này"),
            attested is not None,
        ),
        Voucher(
            gettext("CSDL quốc gia về dân cư"),
            gettext("Bảo đảm đúng người, %(day)s") % {"day": day(checked.answered_at)}
            if checked and checked.answered_at
            else gettext("Chưa đối chiếu"),
            checked is not None,
        ),
        Voucher(
            gettext("Cục Y tế dự phòng"),
            gettext("Cấp hộ chiếu, %(day)s") % {"day": day(held.issued_at)},
            True,
        ),
    ]


def missing(member: Member) -> Missing:
    """Why there is no passport yet: the first of course, doses, person and signature that is not there."""
    answer = member.course.answer
    if answer.complete_since is None:
        return Missing(
            "wait", gettext("Chưa đủ liều cơ bản"), said(answer.reason), gettext("Xem chứng nhận"), member.page("card")
        )
    if member.course.barred:
        return Missing(
            "caution",
            gettext("Có mũi đang được xem lại"),
            gettext("Điểm tiêm đang kiểm tra một mũi. Xong rồi hộ chiếu sẽ tự hiện ở đây."),
            gettext("Xem chứng nhận"),
            member.page("card"),
        )
    return _person_missing(member) or Missing(
        "wait",
        gettext("Đang chờ ký"),
        gettext("Điểm tiêm ký dữ liệu mũi tiêm, rồi Cục Y tế dự phòng cấp hộ chiếu. Không phải làm gì thêm."),
    )


def _person_missing(member: Member) -> Missing | None:
    state, fix = member.identity.state, member.page("correct")
    if state in (IdentityState.WRONG, IdentityState.UNKNOWN):
        return Missing(
            "caution",
            wrong_word(member.identity),
            gettext("Xin sửa theo thẻ căn cước. Khớp rồi, hộ chiếu vắc xin sẽ tự hiện."),
            gettext("Sửa thông tin"),
            fix,
        )
    if state is IdentityState.NOT_SENT:
        return Missing(
            "caution",
            gettext("Chưa có số căn cước"),
            gettext("Hộ chiếu cần số căn cước hoặc mã định danh để biết đúng người. Thêm số rồi hộ chiếu sẽ tự hiện."),
            gettext("Thêm số"),
            fix,
        )
    if state is IdentityState.UNCHECKED:
        return Missing(
            "wait",
            gettext("Đang đối chiếu dữ liệu dân cư"),
            gettext("Việc này tự chạy, thường xong trong vài phút. Không phải làm gì thêm."),
        )
    return None


def _member(request: HttpRequest, person_id: UUID) -> Member:
    return members([held_by(request, person_id)])[0]
