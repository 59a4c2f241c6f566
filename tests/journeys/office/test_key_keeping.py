"""Two key officers and a signing key: one proposes, the other decides, on one page."""

import pytest
from django.test import Client

from tests.ledger import enrol_key
from tests.station import PASSWORD, staff
from tiemchung.accounts.models import Account, Role
from tiemchung.passports import keys
from tiemchung.passports.models import KeyCeremony, SignerCertificate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
PAGE = "/van-phong/khoa/"


@pytest.fixture
def officers() -> list[Account]:
    enrol_key(keys.PASSPORT)
    return [staff(Role.KEY_OFFICER, None, f"giu-khoa-{number}", f"Giữ khóa {number}") for number in (1, 2)]


def signed_in(account: Account) -> Client:
    client = Client()
    client.login(username=account.username, password=PASSWORD)
    return client


def propose(client: Client, act: str, reason: str = "Mất thẻ khóa") -> str:
    said = {"act": act, "key_id": SignerCertificate.objects.get().key_id, "reason": reason}
    return client.post(f"{PAGE}de-nghi", said, follow=True).content.decode()


def test_what_one_proposes_waits_for_the_other_who_sees_why_and_decides(officers: list[Account]) -> None:
    first, second = map(signed_in, officers)
    assert "Nhờ người giữ khóa khác duyệt" in propose(first, "withdraw")
    page = second.get(PAGE).content.decode()
    assert all(words in page for words in ("1 đề nghị chờ duyệt", "Mất thẻ khóa", "Giữ khóa 1"))
    ceremony = KeyCeremony.objects.get()
    page = second.post(f"{PAGE}de-nghi/{ceremony.id}", {"decision": "approve"}, follow=True).content.decode()
    assert "Đã thu hồi" in page
    assert SignerCertificate.objects.get().withdrawn_at is not None


def test_the_proposer_cannot_decide_even_by_hand(officers: list[Account]) -> None:
    first = signed_in(officers[0])
    propose(first, "withdraw")
    address = f"{PAGE}de-nghi/{KeyCeremony.objects.get().id}"
    page = first.post(address, {"decision": "approve"}, follow=True).content.decode()
    assert "Nhờ người giữ khóa khác" in page
    assert SignerCertificate.objects.get().withdrawn_at is None


def test_a_refusal_says_why_and_changes_nothing(officers: list[Account]) -> None:
    first, second = map(signed_in, officers)
    propose(first, "withdraw")
    address = f"{PAGE}de-nghi/{KeyCeremony.objects.get().id}"
    assert "Ghi lý do" in second.post(address, {"decision": "refuse"}, follow=True).content.decode()
    said = {"decision": "refuse", "reason": "Khóa đã tìm thấy"}
    page = second.post(address, said, follow=True).content.decode()
    assert "Khóa đã tìm thấy" in page
    assert SignerCertificate.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    ("act", "cure"), [("destroy", "Khóa này đang ký"), ("make", "Chưa chọn việc"), ("withdraw", "")]
)
def test_what_cannot_be_proposed_is_said_with_its_cure(officers: list[Account], act: str, cure: str) -> None:
    page = propose(signed_in(officers[0]), act, reason="Lý do" if cure else " ")
    assert (cure or "Ghi lý do") in page
    assert not KeyCeremony.objects.exists()
