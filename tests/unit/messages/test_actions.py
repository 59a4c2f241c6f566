"""The outbox."""

import pytest

from tiemchung.ground.errors import InvalidInputError
from tiemchung.ground.ids import new_id
from tiemchung.ground.models import AuditEntry
from tiemchung.messages.actions import LONGEST, Text, mark_sent, send, send_many
from tiemchung.messages.models import Message

pytestmark = pytest.mark.django_db


MESSAGE = {"to": "0912 345 678", "kind": "dose", "text": "Đã ghi mũi 1.", "person_id": None, "by": None}


def sent(**changes):
    return send(**{**MESSAGE, **changes})


def test_a_message_waits_in_the_outbox_until_it_is_sent():
    message = sent(person_id=(person := new_id()))
    assert (message.to, message.person_id, message.sent_at) == ("+84912345678", person, None)


@pytest.mark.parametrize(
    ("changes", "field"), [({"to": "abc"}, "to"), ({"text": "  "}, "text"), ({"text": "a" * (LONGEST + 1)}, "text")]
)
def test_what_cannot_be_sent_is_refused_naming_the_field(changes, field):
    with pytest.raises(InvalidInputError) as refused:
        sent(**changes)
    assert refused.value.field == field


def test_many_go_in_at_once():
    assert send_many(texts=[Text("+84912345678", "invitation", f"Mời {n}") for n in range(3)], by=None) == 3
    assert Message.objects.filter(kind="invitation").count() == 3


def test_none_at_all_is_no_act():
    assert send_many(texts=[], by=None) == 0
    assert not AuditEntry.objects.exists()


def test_a_message_is_marked_sent_once():
    message = sent()
    assert mark_sent(message_ids=[message.id], by=None) == 1
    first = Message.objects.get().sent_at
    assert mark_sent(message_ids=[message.id], by=None) == 0
    assert Message.objects.get().sent_at == first


def test_the_audit_holds_neither_phone_nor_words():
    sent()
    assert AuditEntry.objects.get(act="messages.send").detail == {"kind": "dose"}
