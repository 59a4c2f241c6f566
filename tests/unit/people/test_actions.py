"""Declaring, correcting and holding persons."""

import pytest

from tests.unit.people.made import a_commune, citizen, declared, stated
from tiemchung.accounts.models import Account
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.people import lookup
from tiemchung.people.actions import correct, declare, end_hold, hold, name_guardian
from tiemchung.people.models import Contact, Holder, IdentityNumber, Person, PersonStatement, Relation
from tiemchung.people.policy import Source

pytestmark = pytest.mark.django_db


def test_a_new_person_stands_as_stated():
    person = declared(residence_code=a_commune(), insurance_number="HC 4 01 0123456789")
    assert person.full_name == "Nguyễn Thị Thu Hạnh"
    assert person.birth_date.isoformat() == "1984-11-18"
    assert person.residence_id == "00001"
    assert person.insurance_number == "HC4010123456789"
    assert [(each.kind, each.value) for each in person.identity_numbers.all()] == [("cccd", "001184000017")]
    assert [each.value for each in person.contacts.all()] == ["+84912345678"]
    assert len(person.qid) == 18


def test_every_statement_is_kept_word_for_word():
    declared()
    declared(full_name="NGUYỄN THỊ THU HẠNH")
    assert [each.content["full_name"] for each in PersonStatement.objects.order_by("at")] == [
        "Nguyễn Thị Thu Hạnh",
        "NGUYỄN THỊ THU HẠNH",
    ]


def test_the_same_words_again_say_nothing_new():
    declared()
    declared()
    assert PersonStatement.objects.count() == 1


@pytest.mark.parametrize("name", ["Nguyễn Thị Thu Hạnh", "NGUYỄN THỊ THU HẠNH", "Nguyễn Thị Thu  Hạnh"])
def test_an_identical_statement_gives_the_same_person(name):
    assert declared().id == declared(full_name=name).id


def test_the_number_of_a_child_is_the_same_as_cccd():
    child = declared(identity_numbers=(("ma_dinh_danh", "001184000017"),))
    assert declared(identity_numbers=(("cccd", "001184000017"),)).id == child.id


@pytest.mark.parametrize(
    "other",
    [
        {"full_name": "Trần Thị Thu Hạnh"},
        {"full_name": "Nguyen Thi Thu Hanh"},
        {"birth_date": "19/11/1984"},
        {"birth_date": "11/1984"},
    ],
)
def test_a_known_number_with_another_name_or_birth_date_makes_a_new_person(other):
    assert declared().id != declared(**other).id
    assert Person.objects.count() == 2


def test_without_a_number_nobody_is_taken_for_another():
    assert declared(identity_numbers=()).id != declared(identity_numbers=()).id


@pytest.mark.parametrize("source", [Source.SELF, Source.RELATIVE, Source.SITE])
@pytest.mark.parametrize(
    ("change", "field"), [({"birth_date": "1985"}, "identity_number.year"), ({"sex": "male"}, "identity_number.sex")]
)
def test_what_disagrees_with_the_number_is_refused_where_it_is_typed(source, change, field):
    with pytest.raises(InvalidInputError) as refused:
        declared(source, **change)
    assert refused.value.field == field
    assert not Person.objects.exists()


@pytest.mark.parametrize("source", [Source.DEVICE, Source.CARD_QR])
def test_what_disagrees_with_the_number_is_recorded_where_it_was_scanned_or_done(source):
    assert declared(source, sex="male").sex == "male"


def test_the_same_id_with_the_same_content_is_one_person():
    chosen = new_id()
    first = declare(statement=stated(identity_numbers=()), source=Source.SELF, by=None, person_id=chosen)
    again = declare(statement=stated(identity_numbers=()), source=Source.SELF, by=None, person_id=chosen)
    assert first.id == again.id == chosen


def test_the_same_id_for_somebody_else_is_a_conflict():
    person = declared()
    with pytest.raises(ConflictError) as refused:
        declare(statement=stated(full_name="Lê Thị Sáu"), source=Source.SELF, by=None, person_id=person.id)
    assert refused.value.code == "person_id_taken"


def test_a_citizen_cannot_add_his_phone_to_a_person_who_is_already_known():
    declared()
    declared(phone="0987654321")
    assert [each.value for each in Contact.objects.all()] == ["+84912345678"]


def test_a_site_adds_the_phone_of_a_person_who_is_already_known():
    declared()
    declared(Source.SITE, phone="0987654321")
    assert Contact.objects.count() == 2


def test_one_phone_may_serve_a_family():
    declared()
    declared(full_name="Trần Quốc Đạt", sex="male", birth_date="1981", identity_numbers=())
    assert Contact.objects.filter(value="+84912345678").count() == 2


def test_a_declaration_is_audited_without_personal_data():
    person = declared()
    entry = AuditEntry.objects.get(act="people.declare")
    assert entry.person_id == person.id
    assert entry.detail == {"source": "self", "new": True}


def test_a_correction_changes_how_the_person_stands_and_keeps_what_was_said():
    person = declared(birth_date="18/11/1984")
    correct(person_id=person.id, statement=stated(full_name="Nguyễn Thị Thu Hiền"), source=Source.SELF, by=None)
    person.refresh_from_db()
    assert person.full_name == "Nguyễn Thị Thu Hiền"
    assert PersonStatement.objects.filter(person=person).count() == 2


def test_a_corrected_number_takes_the_place_of_the_one_of_its_kind_only():
    person = declared(identity_numbers=((None, "001184000017"), (None, "011234567")))
    statement = stated(identity_numbers=((None, "001184000025"),))
    correct(person_id=person.id, statement=statement, source=Source.SELF, by=None)
    live = IdentityNumber.objects.filter(withdrawn_at=None).values_list("value", flat=True)
    assert set(live) == {"001184000025", "011234567"}


def test_correcting_nobody_is_refused():
    with pytest.raises(NotFoundError):
        correct(person_id=new_id(), statement=stated(), source=Source.SELF, by=None)


def test_the_account_that_stated_a_person_first_may_hold_him():
    account = citizen("0987654321")
    person = declare(statement=stated(), source=Source.RELATIVE, by=account.id)
    assert hold(account=account, person=person, relation=Relation.SPOUSE, by=account.id).relation == "spouse"


def test_an_account_whose_phone_is_on_record_may_hold():
    person = declared()
    hold(account=citizen("0912345678"), person=person, relation=Relation.SELF, by=None)
    assert Holder.objects.count() == 1


def test_holding_twice_is_harmless():
    person, account = declared(), citizen()
    first = hold(account=account, person=person, relation=Relation.SELF, by=None)
    assert hold(account=account, person=person, relation=Relation.OTHER, by=None) == first


def test_knowing_the_number_name_and_birth_date_is_not_enough_to_hold():
    declared()
    stranger = citizen("0987654321")
    person = declare(statement=stated(phone="0987654321"), source=Source.SELF, by=stranger.id)
    with pytest.raises(NotAllowedError) as refused:
        hold(account=stranger, person=person, relation=Relation.SELF, by=stranger.id)
    assert refused.value.code == "held_elsewhere"


def stranger_holds() -> tuple[Person, Account]:
    """Somebody who knows her number, name and birth date stated her first, under his own phone."""
    stranger = citizen("0987654321")
    person = declare(statement=stated(phone="0987654321"), source=Source.SELF, by=stranger.id)
    hold(account=stranger, person=person, relation=Relation.SELF, by=stranger.id)
    return person, stranger


def test_a_card_read_at_a_site_under_another_phone_ends_what_rests_on_typed_words():
    person, stranger = stranger_holds()
    declared(Source.CARD_QR)
    assert lookup.family_of(stranger) == []
    assert [each.value for each in person.contacts.filter(withdrawn_at=None)] == ["+84912345678"]
    with pytest.raises(NotAllowedError):
        hold(account=stranger, person=person, relation=Relation.SELF, by=stranger.id)
    assert hold(account=citizen(), person=person, relation=Relation.SELF, by=None).ended_at is None


def test_a_card_read_at_a_site_under_ones_own_phone_ends_nothing():
    person, account = declared(), citizen()
    hold(account=account, person=person, relation=Relation.SELF, by=None)
    declared(Source.CARD_QR)
    assert [holder.person for holder in lookup.family_of(account)] == [person]


def test_who_is_confirmed_by_a_site_ends_the_hold_of_who_is_not():
    person, stranger = stranger_holds()
    declared(Source.SITE)
    owner = citizen()
    hold(account=owner, person=person, relation=Relation.SELF, by=owner.id)
    end_hold(holder_id=Holder.objects.get(account=stranger).id, by=owner)
    assert lookup.family_of(stranger) == []
    assert AuditEntry.objects.filter(act="people.end_hold", by=owner.id, subject=stranger.id).count() == 1


def test_who_only_typed_ends_no_hold_but_his_own():
    person, stranger = stranger_holds()
    declared(Source.SITE)
    owner = citizen()
    held = hold(account=owner, person=person, relation=Relation.SELF, by=owner.id)
    with pytest.raises(NotAllowedError):
        end_hold(holder_id=held.id, by=stranger)
    end_hold(holder_id=Holder.objects.get(account=stranger).id, by=stranger)
    assert lookup.family_of(stranger) == []


def test_a_hold_that_ended_begins_anew_when_a_site_confirms_the_phone():
    person, stranger = stranger_holds()
    first = Holder.objects.get()
    end_hold(holder_id=first.id, by=stranger)
    declared(Source.SITE, phone="0987654321")
    assert hold(account=stranger, person=person, relation=Relation.SELF, by=None).id == first.id
    assert len(lookup.family_of(stranger)) == 1


def test_ending_nobodys_hold_is_refused():
    with pytest.raises(NotFoundError):
        end_hold(holder_id=new_id(), by=citizen())


def test_a_correction_is_kept_though_its_words_were_said_before():
    person = declared()
    correct(person_id=person.id, statement=stated(), source=Source.SELF, by=None)
    assert PersonStatement.objects.filter(person=person).count() == 2


def test_a_guardian_is_named_once():
    mother, child = declared(), declared(full_name="Trần Ngọc Minh Anh", birth_date="2009", identity_numbers=())
    assert name_guardian(person=child, guardian=mother, by=None) == name_guardian(
        person=child, guardian=mother, by=None
    )


def test_nobody_is_his_own_guardian():
    person = declared()
    with pytest.raises(ConflictError):
        name_guardian(person=person, guardian=person, by=None)
