"""What stays for how long: every table has its rule, what is due goes, the ledger keeps a person's id alone."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.ledger import judged, signed_day
from tiemchung.accounts.models import OneTimeCode
from tiemchung.campaigns.models import Registration
from tiemchung.doses.models import Dose
from tiemchung.ground import clock
from tiemchung.ground.models import AuditEntry
from tiemchung.identity.actions import ask_anew
from tiemchung.identity.models import PopulationCheck, Recheck
from tiemchung.messages.models import Message
from tiemchung.people.models import Contact, Person, PersonStatement
from tiemchung.privacy import actions
from tiemchung.privacy.retention import RetentionRuleError, Rule, due, rules
from tiemchung.visits.models import SiteEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
WITHHELD = {"vi": "của tài khoản", "en": "the account's"}
NOT_OURS = {"django_migrations", "django_session"}


def tables_with(*columns: str) -> set[str]:
    """The tables of the health side that have one of these columns."""
    query = """SELECT DISTINCT table_name FROM information_schema.columns
               WHERE table_schema = 'public' AND column_name = ANY(%s) AND table_name NOT LIKE 'population%%'
                 AND table_name IN (SELECT tablename FROM pg_tables)"""
    with connection.cursor() as cursor:
        cursor.execute(query, [list(columns)])
        return {name for (name,) in cursor.fetchall()} - NOT_OURS


def all_tables() -> set[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'population%'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()} - NOT_OURS


def test_every_table_has_its_rule_and_every_rule_its_table() -> None:
    named = [rule.table for rule in rules()]
    assert len(named) == len(set(named))
    assert set(named) == all_tables()


def test_every_table_that_names_a_person_is_about_him() -> None:
    about = {rule.table for rule in rules() if rule.about}
    naming = tables_with("person_id", "guardian_id", "merged_id", "kept_id", "visit_id", "passport_id")
    assert naming - about == set()


def test_what_may_be_erased_is_what_the_database_lets_go() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgnargs = 2 AND tgname LIKE '%_append_only'"
        )
        lets_go = {name for (name,) in cursor.fetchall()}
    assert {rule.table for rule in rules() if rule.then == "erase"} == lets_go


def test_what_only_grows_is_neither_deleted_nor_blanked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_append_only'")
        only_grow = {name for (name,) in cursor.fetchall()}
    assert {rule.table for rule in rules() if rule.then in {"delete", "blank"}} & only_grow == set()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"then": "burn"}, "«then» is one of blank, delete, erase, keep"),
        ({"then": "delete"}, "what ends needs «days» and «since»"),
        ({"then": "delete", "since": "at"}, "what ends needs «days» and «since»"),
        ({"then": "blank", "days": 1, "since": "at"}, "«columns» goes with «blank»"),
        ({"then": "keep", "personal": "none", "about": ("person_id",)}, "nothing personal is neither about"),
        ({"then": "keep", "about": ("person_id",), "withheld": {}}, "what is exported needs a name in both languages"),
        ({"then": "keep", "withheld": {"vi": "x"}}, "says by «withheld», vi and en, why it is not exported"),
        ({"then": "keep", "withheld": {}}, "says by «withheld», vi and en, why it is not exported"),
        ({"then": "keep", "why": ""}, "«why» is missing"),
    ],
)
def test_a_rule_that_cannot_be_followed_says_which_table_and_why(row: dict, said: str) -> None:
    with pytest.raises(RetentionRuleError, match=r"retention\.yaml, t: ") as refusal:
        Rule(**{"table": "t", "personal": "a name", "why": "because", "withheld": WITHHELD, **row})
    assert said in str(refusal.value)


def later(settings, **by: int) -> None:
    """Let the clock stand so much later."""
    settings.CLOCK_OFFSET += timedelta(**by)


def gone() -> dict[str, int]:
    return {each.table: each.rows for each in actions.retain(by=None) if each.rows}


def test_a_message_a_code_and_a_withdrawn_phone_go_after_their_time(settings, station) -> None:
    person, now = station.person(phone="0987654321"), clock.now()
    Contact.objects.filter(person=person).update(withdrawn_at=now)
    Message.objects.create(person_id=person.id, to="+84987654321", kind="dose", text="x", created_at=now, sent_at=now)
    Message.objects.create(person_id=person.id, to="+84987654321", kind="dose", text="y", created_at=now)
    OneTimeCode.objects.create(phone="+84987654321", hashed="x", sent_at=now, expires_at=now)
    assert gone() == {}
    later(settings, days=2)
    assert gone() == {"accounts_onetimecode": 1}
    later(settings, days=179)
    assert gone() == {"outbox_message": 1}
    later(settings, days=185)
    assert gone() == {"people_contact": 1}
    assert gone() == {}
    assert [message.text for message in Message.objects.all()] == ["y"]  # it has yet to be sent


def test_statements_go_but_the_last_of_each_person(settings, station) -> None:
    one, other = station.person(), station.person()
    for word in ("B", "C"):
        PersonStatement.objects.create(
            person=one, at=clock.now(), source="site", digest="1.x", content={"full_name": word}
        )
    later(settings, days=1826)
    assert gone() == {"people_personstatement": 2}
    kept = PersonStatement.objects.order_by("id")
    assert [bool(said.content) for said in kept.filter(person=one)] == [False, False, True]
    assert [bool(said.content) for said in kept.filter(person=other)] == [True]
    assert all(said.digest for said in kept)


def test_of_answers_that_only_repeat_the_last_stays(settings, station) -> None:
    """The clock asks about an unknown number every week; whatever somebody asked himself stays."""
    person = station.person()
    for day in range(3):
        later(settings, days=7 * day)
        judged(person, "unknown")
        ask_anew(person_ids=[person.id], why=Recheck.Why.UNKNOWN_FOR_LONG, by=None)
    asked_by_somebody = judged(person, "unknown")
    PopulationCheck.objects.filter(pk=asked_by_somebody.pk).update(asked_by=station.nurse.id)
    last = PopulationCheck.objects.filter(asked_by=None).latest("pk")
    ask_anew(person_ids=[person.id], why=Recheck.Why.REGISTER_CORRECTED, by=None)
    later(settings, days=100)
    assert gone() == {"identity_populationcheck": 2, "identity_recheck": 2}
    assert set(PopulationCheck.objects.all()) == {last, asked_by_somebody}
    assert set(Recheck.objects.values_list("why", flat=True)) == {"unknown_for_long", "register_corrected"}


def test_what_a_device_sent_goes_and_its_digest_still_answers(settings, station, client) -> None:
    from tests.device import Device

    client.force_login(station.nurse)
    device = Device(client, station)
    person = station.person()
    events = device.journey(person.id)
    assert device.outcomes(*events) == ["accepted"] * 4
    later(settings, days=91)
    assert gone() == {"visits_siteevent": 4}
    assert set(SiteEvent.objects.values_list("content", flat=True)) == {None}
    client.force_login(station.nurse)
    assert device.outcomes(*events) == ["already_had"] * 4
    assert device.outcomes(events[0] | {"made_at": clock.now().isoformat()}) == ["conflict"]


def test_answers_about_health_go_and_the_registration_stays(settings, registered) -> None:
    later(settings, days=1826)
    assert gone()["campaigns_registration"] == 1
    assert Registration.objects.get(id=registered.id).history == {}
    assert "campaigns_registration" not in gone()


def test_a_dry_run_counts_and_changes_nothing(settings, station) -> None:
    now = clock.now()
    Message.objects.create(to="+84987654321", kind="dose", text="x", created_at=now, sent_at=now)
    later(settings, days=200)
    assert {each.table: each.rows for each in due(clock.now()) if each.rows} == {"outbox_message": 1}
    assert Message.objects.count() == 1


def test_large_sets_go_in_batches_and_each_is_written_down(settings, monkeypatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    now = clock.now()
    for _ in range(5):
        Message.objects.create(to="+84987654321", kind="dose", text="x", created_at=now, sent_at=now)
    later(settings, days=200)
    assert gone() == {"outbox_message": 5}
    entries = AuditEntry.objects.filter(act="privacy.retain").order_by("id")
    assert [entry.detail["rows"] for entry in entries] == [2, 2, 1]


def test_the_ledger_names_a_person_by_id_alone(settings) -> None:
    signed_day(people=1)
    later(settings, days=36500)
    actions.retain(by=None)
    (person,) = Person.objects.all()
    assert Dose.objects.filter(person=person).count() == 2
    said = " ".join(str(value) for row in Dose.objects.values() for value in row.values())
    assert person.full_name not in said
    assert str(person.id) in said
