"""What goes wrong in a registry, and is put right: people who were written down twice, and citizens who complain."""

from collections.abc import Callable
from io import BytesIO
from itertools import islice
from uuid import UUID

from PIL import Image, ImageDraw

from tiemchung.accounts.models import Account
from tiemchung.complaints import actions as complaints
from tiemchung.complaints import queue
from tiemchung.complaints.models import Complaint
from tiemchung.identity import actions_duplicates
from tiemchung.identity.actions_scan import scan
from tiemchung.identity.models import Duplicate
from tiemchung.people import actions as people
from tiemchung.people.models import Holder, Person
from tiemchung.people.personal_qr import born, number_of
from tiemchung.people.policy import Source
from tiemchung.people.restating import restated
from tiemchung.people.statement import Statement
from tiemchung.vietnam.names import fold

Numbers = dict[str, int]
TWICE = 2  # people who are written down a second time


def written_twice(ministry: Account) -> Numbers:
    """Two people are written down again, without accents and number: found, merged, and one merge undone."""
    accented = (person for person in Person.objects.order_by("id") if not person.full_name.isascii())
    pairs = {_again(person, ministry).id: person.id for person in islice(accented, TWICE)}
    made = scan(by=ministry.id)
    proposed = Duplicate.objects.filter(scan=made, kind=Duplicate.Kind.SAME_PERSON)
    ours = [each for each in proposed if pairs.keys() & {each.one_id, each.other_id}]
    merged = [_merge(each, pairs, ministry) for each in ours if _is_pair(each, pairs)]
    for merge in merged[1:]:
        actions_duplicates.undo(merge_id=merge, reason="Gộp thử rồi tách", by=ministry)
    return {
        "pairs_compared": made.pairs,
        "proposed": len(proposed),
        "merged": len(merged),
        "undone": len(merged[1:]),
    }


def complained(ministry: Account) -> Numbers:
    """Three citizens complain with a photo: one is put right, one refused, one waits."""
    holders = list(Holder.objects.filter(ended_at=None).select_related("account", "person").order_by("since", "id")[:3])
    sent = [_complain(holder) for holder in holders if holder.person.residence_id]
    answers: list[Callable[[Complaint], object]] = [
        lambda one: complaints.accept_with_person(complaint_id=one.id, statement=_as_it_is(one.person), by=ministry),
        lambda one: complaints.refuse(complaint_id=one.id, reason="photo_blurred", by=ministry),
    ]
    for complaint, answer in zip(sent, answers, strict=False):
        answer(complaint)
    return {"complaints": len(sent), "answered": min(len(sent), len(answers)), **queue.count(ministry)}


def _again(person: Person, by: Account) -> Person:
    """The same person as somebody in a hurry writes him down."""
    statement = Statement(
        full_name=fold(person.full_name).title(),
        birth_date=born(person).vi,
        sex=person.sex,
        residence_code=person.residence_id or "",
    )
    return people.declare(statement=statement, source=Source.SITE, by=by.id)


def _is_pair(found: Duplicate, pairs: dict[UUID, UUID]) -> bool:
    return pairs.get(found.one_id) == found.other_id or pairs.get(found.other_id) == found.one_id


def _merge(found: Duplicate, pairs: dict[UUID, UUID], by: Account) -> UUID:
    merged, kept = (found.one_id, found.other_id) if found.one_id in pairs else (found.other_id, found.one_id)
    return actions_duplicates.merge(kept_id=kept, merged_id=merged, evidence=found.evidence, by=by).id


def _complain(holder: Holder) -> Complaint:
    return complaints.send(
        person_id=holder.person_id,
        kind=Complaint.Kind.PERSON_WRONG,
        text="Địa chỉ trong sổ chưa đúng, xin xem giấy kèm theo.",
        files=[_photo()],
        by=holder.account,
    )


def _photo() -> BytesIO:
    """A sheet of paper with lines on it."""
    sheet, out = Image.new("RGB", (900, 1200), "white"), BytesIO()
    pen = ImageDraw.Draw(sheet)
    for line in range(12):
        pen.line((80, 160 + 80 * line, 780 - 35 * (line % 4), 160 + 80 * line), fill="black", width=6)
    sheet.save(out, "JPEG")
    out.seek(0)
    return out


def _as_it_is(person: Person) -> Statement:
    """What the paper says: the person as he stands, with his house."""
    return restated(person, address="Số 12, tổ 5", identity_number=number_of(person))
