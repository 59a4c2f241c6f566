"""A citizen at his health book, page after page, as a browser without scripts goes."""

from typing import Any
from urllib.parse import urlparse

from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

from tests.station import commune
from tiemchung.accounts.models import Account
from tiemchung.campaigns.screening_questions import REGISTRATION, questions
from tiemchung.ground import clock
from tiemchung.messages.models import Message
from tiemchung.people.models import Person
from tiemchung.vietnam.phones import PhoneNumber

PHONE = "0912345678"
HANH = {
    "relation": "self",
    "full_name": "Nguyễn Thị Thu Hạnh",
    "birth_date": "18/11/1984",
    "sex": "female",
    "nationality": "VN",
    "identity_number": "001184000017",
    "phone": "0912 345 678",
    "province_code": "01",
    "district_code": "001",
    "residence_code": "00001",
    "address": "12 Nghĩa Dũng",
}
WISHES = {"priority_group": "13", "part_of_day": "any", "wanted_from": ""}


def ask_for_code(client: Client, phone: str = PHONE, name: str = "Hạnh") -> HttpResponse:
    """Begin to open a health book: a code goes to the phone."""
    commune()
    filled = {"phone": phone, "display_name": name, "password": "mot-hai-ba-bon"}
    return client.post(reverse("healthbook:sign-up"), filled)


def code_of(phone: str = PHONE) -> str:
    """The code that stands in the newest message to a phone."""
    to = PhoneNumber.parse(phone).e164
    return Message.objects.filter(to=to, kind="code").latest("created_at").text.split()[0]


def sign_up(client: Client, phone: str = PHONE, name: str = "Hạnh") -> HttpResponse:
    """Open a health book; the client is signed in afterwards."""
    ask_for_code(client, phone, name)
    return client.post(reverse("healthbook:sign-up-code"), {"code": code_of(phone)})


def begin(client: Client) -> str:
    """Begin to add a person; gives the draft's id."""
    return client.get(reverse("healthbook:add")).url.split("/")[3]


def step(client: Client, name: str, draft: str, filled: dict[str, Any]) -> HttpResponse:
    """Send one step of adding a person."""
    return client.post(reverse(f"healthbook:add-{name}", args=[draft]), filled)


def health(**answers: str) -> dict[str, str]:
    """No to every question but those given."""
    said = {question.code: "no" for question in questions(REGISTRATION, clock.today())} | answers
    return WISHES | {f"history.{code}": answer for code, answer in said.items()}


def add(client: Client, **changes: str) -> HttpResponse:
    """Go through all three steps; gives the last answer."""
    draft = begin(client)
    step(client, "person", draft, HANH | changes)
    step(client, "health", draft, health())
    return step(client, "consent", draft, {"consent": "on"})


def person_of(answer: HttpResponse) -> Person:
    """The person to whose page an answer leads."""
    return Person.objects.get(id=resolve(urlparse(answer.url).path).kwargs["person_id"])


def page(client: Client, name: str, *ids: object) -> str:
    """Read a page as text; it must be there."""
    answer = client.get(reverse(f"healthbook:{name}", args=ids))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def account(phone: str = PHONE) -> Account:
    """The account that a phone opened."""
    return Account.objects.get(username=phone)
