"""Who is it? By number, QID, scan, statement."""

import pytest

from tests.unit.people.made import citizen, declared
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.people import lookup, personal_qr
from tiemchung.people.actions import hold
from tiemchung.people.models import Relation
from tiemchung.people.policy import Source

pytestmark = pytest.mark.django_db

NURSE = new_id()
CARD = "001184000017||NGUYỄN THỊ THU HẠNH|18111984|Nữ|Phúc Xá, Ba Đình, Hà Nội|10052021"


@pytest.mark.parametrize("written", ["001184000017", " 001 184 000 017 ", "001.184.000017"])
def test_a_number_is_found_however_it_is_typed(written):
    person = declared()
    assert lookup.by_number(written) == [person]


@pytest.mark.parametrize("written", ["001184000025", "", "abc", "1234"])
def test_a_number_of_nobody_finds_nobody(written):
    declared()
    assert lookup.by_number(written) == []


def test_a_foreign_passport_is_found():
    person = declared(nationality="KR", identity_numbers=(("foreign_passport", "M1234567A"),))
    assert lookup.by_number("m1234567a") == [person]


def test_two_persons_may_have_one_number():
    one, other = declared(), declared(full_name="Lê Thị Sáu")
    assert lookup.by_number("001184000017") == [one, other]


def test_a_withdrawn_number_finds_nobody():
    person = declared()
    person.identity_numbers.update(withdrawn_at=person.created_at)
    assert lookup.by_number("001184000017") == []


def test_a_card_finds_its_holder():
    person = declared()
    found = lookup.by_scan(CARD, by=NURSE)
    assert (found.person, found.way, found.differs) == (person, "cccd_qr", ())


def test_a_card_finds_its_holder_by_the_old_number_on_it():
    person = declared(identity_numbers=((None, "011234567"),))
    assert lookup.by_scan(CARD.replace("||", "|011234567|"), by=NURSE).person == person


@pytest.mark.parametrize("name", ["Nguyen Thi Thu Hanh", "Nguyễn Thị Thu Hạnh"])
def test_a_name_that_lost_its_accents_is_still_the_cards_holder(name):
    person = declared(full_name=name)
    assert lookup.by_scan(CARD, by=NURSE) == lookup.Found(person, lookup.Way.CCCD_QR)


def test_a_card_says_what_the_record_has_otherwise():
    declared(birth_date="18/10/1984")
    assert lookup.by_scan(CARD, by=NURSE).differs == ("birth_date",)


def test_a_birth_year_alone_does_not_differ_from_the_card():
    declared(birth_date="1984")
    assert lookup.by_scan(CARD, by=NURSE).differs == ()


def test_a_card_whose_number_stands_for_somebody_else_shows_nobody():
    declared(full_name="Lê Thị Sáu", birth_date="01/02/1984")
    with pytest.raises(NotFoundError):
        lookup.by_scan(CARD, by=NURSE)


def test_a_card_tells_two_persons_of_one_number_apart():
    declared(full_name="Lê Thị Sáu", birth_date="01/02/1984")
    person = declared()
    assert lookup.by_scan(CARD, by=NURSE).person == person


def test_a_typed_number_of_two_persons_asks_for_the_card():
    declared()
    declared(full_name="Lê Thị Sáu")
    with pytest.raises(ConflictError) as refused:
        lookup.by_scan("001184000017", by=NURSE)
    assert refused.value.code == "several_persons"


def test_a_typed_number_finds_its_person():
    person = declared()
    assert lookup.by_scan("001184000017", by=NURSE) == lookup.Found(person, lookup.Way.TYPED)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "scan_empty"),
        ("0011840", "identity_too_short"),
        ("HC1:6BFOXN", "scan_certificate"),
        ("001184000017|NGUYEN|x|0|1", "date_form"),
        (CARD.replace("001184", "003184"), "identity_province"),
    ],
)
def test_a_broken_code_is_refused_with_the_reason(text, code):
    with pytest.raises(InvalidInputError) as refused:
        lookup.by_scan(text, by=NURSE)
    assert refused.value.code == code


def test_nobody_known_says_so():
    with pytest.raises(NotFoundError) as refused:
        lookup.by_scan("001184000017", by=NURSE)
    assert refused.value.code == "person_unknown"


def test_the_personal_qr_is_that_of_version_1_1():
    person = declared(insurance_number="HC4010123456789")
    assert personal_qr.text_of(person) == (
        f"001184000017|NGUYEN THI THU HANH|1984-11-18|0|{person.qid}|<2<HC4010123456789<0912345678"
    )


def test_the_personal_qr_finds_its_person():
    person = declared()
    assert lookup.by_scan(personal_qr.text_of(person), by=NURSE) == lookup.Found(person, lookup.Way.PERSONAL_QR)


def test_a_personal_qr_made_elsewhere_finds_who_has_its_number_name_and_birth_date():
    person = declared()
    elsewhere = personal_qr.text_of(person).replace(person.qid, "162979388586171100")
    assert lookup.by_scan(elsewhere, by=NURSE).person == person


def test_a_personal_qr_made_elsewhere_with_another_birth_date_finds_nobody():
    person = declared()
    elsewhere = personal_qr.text_of(person).replace(person.qid, "162979388586171100").replace("11-18", "11-19")
    with pytest.raises(NotFoundError):
        lookup.by_scan(elsewhere, by=NURSE)


def test_the_personal_qr_of_a_child_without_number_says_who_declared():
    account = citizen()
    child = declared(Source.RELATIVE, full_name="Trần Ngọc Minh Anh", birth_date="2009", identity_numbers=())
    hold(account=account, person=child, relation=Relation.CHILD, by=account.id)
    assert personal_qr.text_of(child).startswith(f"|TRAN NGOC MINH ANH|2009|1|{child.qid}|")


def test_the_family_begins_with_oneself():
    account = citizen()
    child = declared(full_name="Trần Ngọc Minh Anh", birth_date="2009", identity_numbers=())
    mother = declared()
    hold(account=account, person=child, relation=Relation.CHILD, by=None)
    hold(account=account, person=mother, relation=Relation.SELF, by=None)
    assert [holder.person for holder in lookup.family_of(account)] == [mother, child]


def test_an_account_sees_only_whom_it_holds():
    account, person = citizen(), declared()
    with pytest.raises(NotFoundError) as stranger:
        lookup.held(account, person.id)
    with pytest.raises(NotFoundError) as nobody:
        lookup.held(account, new_id())
    assert stranger.value.vi == nobody.value.vi
    hold(account=account, person=person, relation=Relation.SELF, by=None)
    assert lookup.held(account, person.id).person == person
