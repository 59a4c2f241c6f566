"""Somebody checks a certificate: text or picture in; valid, not valid or could not tell out."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger import judged, signed_day
from tiemchung import hcert
from tiemchung.ground import clock
from tiemchung.hcert import demo_authority
from tiemchung.passports import actions_issue, actions_revoke, content, keys
from tiemchung.passports.models import Passport, SignerCertificate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture
def passport() -> Passport:
    signed_day(people=1)
    actions_issue.issue_due(by=None)
    return Passport.objects.select_related("person").get()


def checked(client: Client, text: str, **headers: str) -> str:
    response = client.post("/kiem-tra/", {"text": text}, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_the_form_says_what_it_reads(client: Client) -> None:
    page = client.get("/kiem-tra/").content.decode()
    assert "HC1:" in page
    assert "capture" not in page


def test_a_passport_in_force_is_valid_and_shown_beside_the_paper(client: Client, passport: Passport) -> None:
    page = checked(client, passport.text)
    for text in ("Hợp lệ", "Valid", "03/09/1967", "Mũi 2 trên 2", "10/12/2021", "14/05/2023", passport.uvci):
        assert text in page
    assert passport.person.full_name.split()[-1] in page


def test_in_english_it_is_said_in_english_first(client: Client, passport: Passport) -> None:
    page = checked(client, passport.text, **{"Accept-Language": "en"})
    assert "<strong>Valid</strong>" in page
    assert "Dose 2 of 2" in page


def test_the_picture_of_its_code_will_do(client: Client, passport: Passport) -> None:
    picture = SimpleUploadedFile("qr.png", hcert.qr.png(passport.text), "image/png")
    page = client.post("/kiem-tra/", {"picture": picture}).content.decode()
    assert passport.uvci in page


def test_a_revoked_passport_is_not_valid_and_shows_no_person(client: Client, passport: Passport) -> None:
    judged(passport.person, "wrong", {"sex": "other"})
    actions_revoke.revoke_stale(by=None)
    page = checked(client, passport.text)
    assert "Không hợp lệ" in page
    assert "R|REV" in page
    assert passport.person.full_name not in page


def test_an_expired_passport_is_not_valid(client: Client, passport: Passport, settings: Any) -> None:
    settings.CLOCK_OFFSET += timedelta(days=400)
    assert "Không hợp lệ" in checked(client, passport.text)


def test_a_passport_of_a_withdrawn_key_is_not_valid(client: Client, passport: Passport) -> None:
    SignerCertificate.objects.filter(use=keys.PASSPORT).update(withdrawn_at=clock.now())
    assert "K|WDN" in checked(client, passport.text)


def test_a_changed_passport_is_not_valid(client: Client, passport: Passport) -> None:
    text = passport.text
    at = len(text) // 2
    assert "Không hợp lệ" in checked(client, text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :])


def test_a_certificate_by_a_key_that_we_do_not_know_is_not_called_false(client: Client, passport: Passport) -> None:
    stranger = demo_authority("VN", valid_from=clock.now() - timedelta(days=9)).new_signer(
        name="X", valid_from=clock.now() - timedelta(days=1)
    )
    said = content.of(
        passport.person, version="1.3.0", product={"mp": "EU/1/21/1529", "ma": "ORG-100001699", "vp": "29061000087103"},
        dn=2, sd=2, injected_on=clock.today() - timedelta(days=9),
    )  # fmt: skip
    complete, _ = content.with_identifier(said)
    page = checked(client, hcert.issue(complete, stranger, issued_at=clock.now()).text)
    assert "Chưa kết luận được" in page
    assert "không có nghĩa là giả" in page


def test_nothing_given_asks_for_it(client: Client) -> None:
    assert "Chưa có mã nào" in checked(client, "  ")


def test_nothing_of_the_certificate_gets_into_the_address(client: Client, passport: Passport) -> None:
    response = client.post("/kiem-tra/", {"text": passport.text})
    assert (response.status_code, response.request["QUERY_STRING"]) == (200, "")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300) | st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:").map("HC1:{}".format))
def test_whatever_is_pasted_gets_a_verdict(client: Client, text: str) -> None:
    assert "Hợp lệ</strong>" not in checked(client, text)


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\nxx", b"\xff\xd8\xff", b"GIF89a", b"%PDF-1.4", b"x" * 2_000_000]
)
def test_whatever_is_uploaded_gets_a_verdict(client: Client, data: bytes) -> None:
    response = client.post("/kiem-tra/", {"picture": SimpleUploadedFile("x.png", data, "image/png")})
    assert response.status_code == 200


def test_the_trust_list_can_be_read_by_other_countries(client: Client, passport: Passport) -> None:
    response = client.get("/trustList/DSC/vn")
    [item] = response.json()
    assert (item["certificateType"], item["country"]) == ("DSC", "VN")
    trusted = hcert.gateway.import_items(response.json(), fetched_at=clock.now()).trust
    assert hcert.verify(passport.text, trusted, at=clock.now()).code == "OK"
    assert client.get("/trustList/DSC/DE").json() == []
    assert client.get("/trustList").json() == response.json()
