"""All writes to persons.

When are two statements about one person? Only when a number, the name and the birth date all agree
(`lookup.same_person`). A known number with another name or birth date makes a *new* person: most such numbers are
a wrong digit that names an innocent third person, and some CMND numbers were issued twice. Nothing is merged and
nothing of the other person is shown; finding that two records are one human is the business of matching, which can
be undone.
"""

import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from tiemchung.accounts.models import Account
from tiemchung.ground import audit, clock, encryption
from tiemchung.ground.errors import ConflictError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.people import lookup, merges, numbers, policy, slips
from tiemchung.people.models import Contact, Guardian, Holder, Person, PersonStatement, Relation
from tiemchung.people.policy import Source
from tiemchung.people.statement import Statement


@transaction.atomic
def declare(*, statement: Statement, source: Source, by: UUID | None, person_id: UUID | None = None) -> Person:
    """Write down what was stated, of a person who is known or of a new one with the id that the maker gave.

    An identical statement (one number, name key and birth date) gives the same person, and so does the same
    `person_id`. Raises InvalidInputError when a typed statement disagrees with its own number, ConflictError when
    `person_id` is that of somebody else.
    """
    policy.check_fits(statement, source)
    _wait_for_others_with(statement, person_id)
    known = _known_by_id(person_id, statement) or lookup.same_person(statement)
    person = known or _create(statement, person_id)
    _say(statement, person, source, by)
    if known is None or source in policy.MAY_ADD_CONTACTS:
        _add_numbers(statement, person)
        _add_contact(statement, person)
    if source is Source.CARD_QR and statement.mobile:
        _trust_only_sites(person, by)
    audit.record("people.declare", by=by, subject=person.id, person_id=person.id, source=source, new=known is None)
    return person


@transaction.atomic
def correct(
    *,
    person_id: UUID,
    statement: Statement,
    source: Source,
    by: UUID | None,
    first_dose_recorded_at: datetime | None = None,
) -> Person:
    """Let the person stand as now stated; the earlier statements stay. Of merged records the one that speaks is meant.

    A number of a kind that is stated anew takes the place of the earlier one of that kind, and so does a phone.
    Doses lie above people, so who calls says since when there is one: from then on only a site may change more than a
    slip (`slips`). Raises NotFoundError, InvalidInputError as `declare`, NotAllowedError beyond a slip.
    """
    policy.check_fits(statement, source)
    person = Person.objects.select_for_update().filter(id=merges.kept(person_id)).first()
    if person is None:
        raise _person_unknown()
    if first_dose_recorded_at and source not in policy.VOUCHED:
        slips.check_is_slip(person, statement, since=first_dose_recorded_at)
    _describe(person, statement)
    person.save()
    _withdraw_replaced(statement, person)
    _add_numbers(statement, person)
    _add_contact(statement, person)
    _keep(statement, person, source, by)
    audit.record("people.correct", by=by, subject=person.id, person_id=person.id, source=source)
    return person


@transaction.atomic
def hold(*, account: Account, person: Person, relation: Relation, by: UUID | None) -> Holder:
    """Let an account see and act for a person in the health book; again is harmless. Raises NotAllowedError."""
    policy.check_may_hold(account, person)
    holder, new = Holder.objects.get_or_create(
        account=account, person=person, defaults={"relation": relation, "since": clock.now()}
    )
    if not new and holder.ended_at:
        holder.relation, holder.since, holder.ended_at, new = relation, clock.now(), None, True
        holder.save()
    if new:
        audit.record("people.hold", by=by, subject=account.id, person_id=person.id, relation=relation)
    return holder


@transaction.atomic
def end_hold(*, holder_id: UUID, by: Account) -> Holder:
    """Close a person's health book to an account; again is harmless. Raises NotFoundError, NotAllowedError."""
    holder = Holder.objects.select_for_update().filter(id=holder_id).first()
    if holder is None:
        raise _person_unknown()
    policy.check_may_end_hold(by, holder)
    _end([holder] if holder.ended_at is None else [], by.id)
    return holder


@transaction.atomic
def name_guardian(*, person: Person, guardian: Person, by: UUID | None) -> Guardian:
    """Write down who answers for a person; again is harmless. Raises ConflictError for a person as his own."""
    if person.id == guardian.id:
        raise ConflictError(
            "own_guardian",
            field="guardian",
            vi="Không ai tự giám hộ mình. Chọn cha, mẹ hoặc người giám hộ khác.",
            en="Nobody is his own guardian. Choose a parent or another guardian.",
        )
    named, new = Guardian.objects.get_or_create(person=person, guardian=guardian, defaults={"since": clock.now()})
    if new:
        audit.record("people.name_guardian", by=by, subject=guardian.id, person_id=person.id)
    return named


def _wait_for_others_with(statement: Statement, person_id: UUID | None) -> None:
    """Two identical statements at one moment must not make two persons: the second waits for the first."""
    keys = [numbers.look_up(number.text).hex() for number in statement.numbers]
    keys += [str(person_id)] if person_id else []
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"people:{key}"])


def _known_by_id(person_id: UUID | None, statement: Statement) -> Person | None:
    person = Person.objects.filter(id=person_id).first() if person_id else None
    if person is None or lookup.is_about(statement, person):
        return person
    raise ConflictError(
        "person_id_taken",
        field="person_id",
        vi="Mã này đã dùng cho người khác. Tải lại trang rồi gửi lại.",
        en="This id was used for somebody else. Load the page again and send it once more.",
    )


def _create(statement: Statement, person_id: UUID | None) -> Person:
    person = Person(id=person_id or new_id(), qid=_new_qid(), created_at=clock.now())
    _describe(person, statement)
    person.save(force_insert=True)
    return person


def _describe(person: Person, statement: Statement) -> None:
    person.full_name = statement.full_name
    person.name_key = statement.name.match_key
    person.name_tokens = list(statement.name.search_tokens)
    person.name_sort = statement.name.sort_key
    person.birth_date = statement.born.first_day
    person.birth_precision = statement.born.precision
    person.sex = statement.sex
    person.nationality = statement.nationality
    person.residence_id = statement.residence_code or None
    person.address = statement.address
    person.insurance_number = statement.insurance


def _new_qid() -> str:
    """18 digits without a meaning, so that a QID tells nothing of its person and cannot be guessed."""
    return str(10**17 + secrets.randbelow(9 * 10**17))


def _trust_only_sites(person: Person, by: UUID | None) -> None:
    """A card read at a site, with a phone, outweighs what was typed: phones and holds that only rest on that end."""
    trusted = policy.phones_from_sites(person)
    live = person.contacts.filter(kind=Contact.Kind.PHONE, withdrawn_at=None)
    live.exclude(value__in=trusted).update(withdrawn_at=clock.now())
    holders = person.holders.select_for_update(of=("self",)).filter(ended_at=None).select_related("account")
    _end([holder for holder in holders if not policy.is_confirmed(holder.account, person)], by)


def _end(holders: Iterable[Holder], by: UUID | None) -> None:
    for holder in holders:
        holder.ended_at = clock.now()
        holder.save(update_fields=["ended_at"])
        audit.record("people.end_hold", by=by, subject=holder.account_id, person_id=holder.person_id)


def _say(statement: Statement, person: Person, source: Source, by: UUID | None) -> None:
    """Keep what was stated, unless it is word for word what the same source said last: that says nothing new."""
    last = PersonStatement.objects.filter(person=person).order_by("at", "id").last()
    if last is None or (last.source, last.content) != (source, statement.as_written()):
        _keep(statement, person, source, by)


def _keep(statement: Statement, person: Person, source: Source, by: UUID | None) -> None:
    said, at = statement.as_written(), clock.now()
    digest, *_ = encryption.digests(json.dumps(said, sort_keys=True))
    PersonStatement.objects.create(person=person, at=at, by=by, source=source, digest=digest, content=said)


def _add_numbers(statement: Statement, person: Person) -> None:
    for number in statement.numbers:
        known = person.identity_numbers.filter(kind=number.kind, withdrawn_at=None)
        if not known.filter(look_up__in=numbers.look_ups([number.text])).exists():
            numbers.row(number, person_id=person.id, at=clock.now()).save(force_insert=True)


def _add_contact(statement: Statement, person: Person) -> None:
    if statement.mobile:
        Contact.objects.get_or_create(
            person=person,
            kind=Contact.Kind.PHONE,
            value=statement.mobile.e164,
            withdrawn_at=None,
            defaults={"stated_at": clock.now()},
        )


def _withdraw_replaced(statement: Statement, person: Person) -> None:
    now = clock.now()
    for number in statement.numbers:
        person.identity_numbers.filter(kind__in=lookup.kinds_like(number), withdrawn_at=None).exclude(
            look_up__in=numbers.look_ups([number.text])
        ).update(withdrawn_at=now)
    if statement.mobile:
        person.contacts.filter(kind=Contact.Kind.PHONE, withdrawn_at=None).exclude(value=statement.mobile.e164).update(
            withdrawn_at=now
        )


def _person_unknown() -> NotFoundError:
    return NotFoundError(
        "person_unknown",
        field="person_id",
        vi="Không thấy người này. Tìm lại bằng số căn cước.",
        en="This person is not found. Search again by the ID number.",
    )
