"""Complaints: a photo that is drawn anew, a clock of 48 hours, an answer by anyone up the chain, and no second one."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from PIL import Image

from scripts.states import COMPLAINTS, drawing_of_complaints
from tests.ledger import given_dose
from tests.station import Station, live_on_the_day, open_station, staff
from tests.unit.people.made import citizen
from tiemchung.accounts.models import Account, Role
from tiemchung.complaints import actions, photos, queue, reasons, states
from tiemchung.complaints.models import Complaint, ComplaintPhoto, ComplaintStep
from tiemchung.complaints.states import TRANSITIONS, ComplaintState
from tiemchung.doses import course
from tiemchung.doses.models import Dose
from tiemchung.ground import clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.messages.models import Message
from tiemchung.people.models import Holder, Person, PersonStatement, Relation
from tiemchung.people.statement import Statement
from tiemchung.visits.policy import IdTakenError

pytestmark = pytest.mark.django_db
Kind = Complaint.Kind


@pytest.fixture(autouse=True)
def _day(settings) -> None:
    live_on_the_day(settings)


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def person(station: Station) -> Person:
    return station.person()


@pytest.fixture
def sender(person: Person) -> Account:
    account = citizen("0987654321")
    Holder.objects.create(account=account, person=person, relation=Relation.SELF, since=clock.now())
    return account


def picture(form: str = "JPEG", size: tuple[int, int] = (900, 1200), **options) -> BytesIO:
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, form, **options)
    out.seek(0)
    return out


def sent(person: Person, sender: Account, station: Station, **changes) -> Complaint:
    said = {"kind": Kind.DOSE_MISSING, "text": "Thiếu mũi 1", "files": [picture()], "facility_id": station.facility.id}
    return actions.send(person_id=person.id, by=sender, **said | changes)


def level(role: Role) -> Account:
    return staff(role, None, f"tk-{role}", "Tài khoản")


def test_what_is_sent_is_told_and_answered_within_48_hours(person, sender, station):
    complaint = sent(person, sender, station)
    standing = states.of(complaint)
    assert (standing.state, standing.is_open, standing.is_overdue) == (ComplaintState.SENT, True, False)
    assert standing.due_at - complaint.sent_at == timedelta(hours=48)
    message = Message.objects.get(kind="complaint")
    assert message.to == "+84987654321"
    assert "09:00 ngày 16/05/2022" in message.text


def test_after_48_hours_every_level_above_sees_it_overdue(person, sender, station, settings):
    complaint = sent(person, sender, station)
    settings.CLOCK_OFFSET += timedelta(hours=48, minutes=1)
    assert states.of(complaint).is_overdue
    for account in (station.head, *map(level, (Role.COMMUNE_HEALTH_STATION, Role.DISTRICT, Role.MINISTRY))):
        assert queue.count(account) == {"waiting": 1, "overdue": 1}
    assert queue.overdue_below(level(Role.PROVINCE_CDC), 10)[0]["asked"] == station.facility.name


@pytest.mark.parametrize(
    "role",
    [Role.COMMUNE_HEALTH_STATION, Role.DISTRICT, Role.PROVINCE_HEALTH_DEPARTMENT, Role.PROVINCE_CDC, Role.MINISTRY],
)
def test_anyone_up_the_chain_records_the_missing_dose_at_the_site(person, sender, station, role):
    complaint = sent(person, sender, station)
    step = actions.accept_with_late_entry(
        complaint_id=complaint.id, product="AZ", lot_number=station.lot.number,
        injected_at=clock.now() - timedelta(days=30), by=level(role),
    )  # fmt: skip
    dose = Dose.objects.get(id=step.dose_id)
    assert (dose.facility_id, dose.person_id, dose.source) == (station.facility.id, person.id, "late_entry")
    assert len(course.of(person.id).doses) == 1
    assert states.of(complaint).state == ComplaintState.ACCEPTED
    assert "chấp nhận và sửa" in Message.objects.filter(kind="complaint").latest("created_at").text


def test_a_wrong_dose_is_corrected_or_voided(person, sender, station):
    dose = given_dose(station, person, clock.today() - timedelta(days=30))
    wrong = sent(person, sender, station, kind=Kind.DOSE_WRONG, dose_id=dose.id)
    actions.accept_with_correction(complaint_id=wrong.id, changes={"lot_number": "KHAC"}, by=station.head)
    never = sent(person, sender, station, kind=Kind.NOT_INJECTED, dose_id=dose.id)
    actions.accept_with_void(complaint_id=never.id, reason="Chưa tiêm", by=station.head)
    assert course.of(person.id).doses == ()


def test_a_wrong_name_is_corrected_and_asked_about_anew(person, sender, station):
    complaint = sent(person, sender, station, kind=Kind.PERSON_WRONG)
    statement = Statement(full_name="Bùi Thị Ngân", birth_date="03/09/1967", sex="female")
    actions.accept_with_person(complaint_id=complaint.id, statement=statement, by=level(Role.DISTRICT))
    assert Person.objects.get(id=person.id).full_name == "Bùi Thị Ngân"
    assert PersonStatement.objects.filter(person=person).count() == 2


def test_there_are_thirteen_reasons_and_each_tells_the_cure():
    found = reasons.reasons()
    assert len(found) == 13
    assert all(each.vi.count(".") >= 2 and each.en.count(".") >= 2 for each in found.values())


@pytest.mark.parametrize("reason", list(reasons.reasons()))
def test_a_refusal_names_its_reason_to_the_citizen(person, sender, station, reason):
    complaint = sent(person, sender, station)
    actions.refuse(complaint_id=complaint.id, reason=reason, by=station.head)
    assert states.of(complaint).state == ComplaintState.REFUSED
    assert reasons.reasons()[reason].vi in Message.objects.filter(kind="complaint").latest("created_at").text


def test_no_other_reason_refuses(person, sender, station):
    complaint = sent(person, sender, station)
    with pytest.raises(InvalidInputError) as refused:
        actions.refuse(complaint_id=complaint.id, reason="vì thế", by=station.head)
    assert refused.value.field == "reason"


def test_it_is_answered_once(person, sender, station):
    complaint = sent(person, sender, station)
    actions.refuse(complaint_id=complaint.id, reason="photo_blurred", by=station.head)
    for again in (
        lambda: actions.refuse(complaint_id=complaint.id, reason="photo_blurred", by=station.head),
        lambda: actions.take(complaint_id=complaint.id, by=station.head),
        lambda: actions.withdraw(complaint_id=complaint.id, by=sender),
    ):
        with pytest.raises(ConflictError):
            again()
    with pytest.raises(IntegrityError), transaction.atomic():
        ComplaintStep.objects.create(
            complaint=complaint, act="accepted", correction="dose", at=clock.now(), by=new_id()
        )


def test_when_the_correction_fails_nothing_is_answered(person, sender, station):
    complaint = sent(person, sender, station)
    with pytest.raises(InvalidInputError):
        actions.accept_with_late_entry(
            complaint_id=complaint.id, product="??", lot_number="A", injected_at=clock.now(), by=station.head
        )
    assert states.of(complaint).state == ComplaintState.SENT
    assert not Dose.objects.exists()


def test_another_sites_and_another_areas_staff_do_not_find_it(person, sender, station):
    complaint = sent(person, sender, station)
    for stranger in (open_station().head, station.nurse, level(Role.COMMUNE_POLICE), level(Role.AUDITOR)):
        with pytest.raises(NotFoundError):
            actions.take(complaint_id=complaint.id, by=stranger)


def test_taking_it_over_is_allowed_and_twice_is_harmless(person, sender, station):
    complaint = sent(person, sender, station)
    first = actions.take(complaint_id=complaint.id, by=station.head)
    assert actions.take(complaint_id=complaint.id, by=station.head).id == first.id
    assert actions.take(complaint_id=complaint.id, by=level(Role.DISTRICT)).id != first.id
    assert states.of(complaint).state == ComplaintState.TAKEN


def test_sending_twice_makes_one_and_anothers_id_is_refused(person, sender, station):
    chosen = new_id()
    once = sent(person, sender, station, complaint_id=chosen)
    assert sent(person, sender, station, complaint_id=chosen).id == once.id == chosen
    with pytest.raises(IdTakenError):
        sent(person, citizen("0911111111"), station, complaint_id=chosen)


def test_the_sixth_of_a_day_is_refused_and_the_next_day_it_is_not(person, sender, station, settings):
    for _ in range(5):
        sent(person, sender, station)
    with pytest.raises(NotAllowedError):
        sent(person, sender, station)
    settings.CLOCK_OFFSET += timedelta(days=1, minutes=1)
    assert sent(person, sender, station)


def test_only_who_holds_the_book_complains(person, station):
    with pytest.raises(NotFoundError):
        sent(person, citizen("0911111111"), station)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"text": " "}, "text"), ({"files": []}, "photo"), ({"kind": Kind.DOSE_WRONG}, "text")],
)
def test_what_is_missing_is_named(person, sender, station, changes, field):
    with pytest.raises(InvalidInputError) as refused:
        sent(person, sender, station, **changes)
    assert refused.value.field == field
    assert not Complaint.objects.exists()


def test_a_photo_loses_place_time_and_device():
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "MÁY CỦA NGƯỜI GỬI", "2022:05:14 08:00:00"
    exif.get_ifd(0x8825)[1] = "N"
    clean = photos.redrawn(picture(exif=exif))
    assert b"GPS" not in clean
    assert "MÁY".encode() not in clean
    assert not Image.open(BytesIO(clean)).getexif()


def test_a_photo_is_made_small_and_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    assert Image.open(BytesIO(photos.redrawn(picture(size=(3000, 2000), exif=exif)))).size == (1067, 1600)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"GIF89a" + b"\0" * 64, b"%PDF-1.7\n", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        b"MZ" + b"\0" * 200, b"\xff\xd8\xff\xe0" + b"\0" * 40, picture().getvalue()[:400], b"PK\x03\x04" + b"x" * 99,
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(InvalidInputError) as refused:
        photos.redrawn(BytesIO(content))
    assert refused.value.field == "photo"


def test_a_script_behind_a_picture_is_not_kept():
    assert b"<script>" not in photos.redrawn(BytesIO(picture("PNG").getvalue() + b"<script>alert(1)</script>"))


def test_a_picture_that_unpacks_into_too_much_is_refused():
    with pytest.raises(InvalidInputError):
        photos.redrawn(picture("PNG", size=(9000, 9000)))
    with pytest.raises(InvalidInputError):
        photos.redrawn(BytesIO(b"\xff\xd8" + b"\0" * (photos.MOST_BYTES + 1)))


def test_text_and_photo_stand_encrypted_in_the_database(person, sender, station):
    sent(person, sender, station, text="Mũi 1 của bà Ngát")
    kept = bytes(ComplaintPhoto.objects.get().content)
    assert not kept.startswith(b"\xff\xd8")
    assert photos.opened(kept).startswith(b"\xff\xd8")
    with transaction.atomic():
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM complaints_complaint")
            assert "Ngát".encode() not in bytes(cursor.fetchone()[0])


def test_nothing_of_a_complaint_can_be_changed(person, sender, station):
    complaint = sent(person, sender, station)
    actions.take(complaint_id=complaint.id, by=station.head)
    for rows in (Complaint.objects, ComplaintPhoto.objects, ComplaintStep.objects):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            rows.all().delete()


@pytest.mark.parametrize("state", list(ComplaintState))
def test_every_state_has_its_row_and_ends_let_nothing_follow(state):
    assert TRANSITIONS[state] == {} or set(TRANSITIONS[state]) == set(ComplaintStep.Act.values)
    if state in ("accepted", "refused", "withdrawn"):
        assert TRANSITIONS[state] == {}


def test_the_drawn_states_are_those_of_the_code():
    assert COMPLAINTS.read_text(encoding="utf8") == drawing_of_complaints()
