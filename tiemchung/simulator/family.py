"""A family registers in the health book, page by page, as on a phone."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from tiemchung.campaigns import screening_questions
from tiemchung.simulator.client import Client, UnexpectedAnswerError
from tiemchung.simulator.guests import Guest
from tiemchung.simulator.plan import DAY, PASSWORD
from tiemchung.vietnam import areas
from tiemchung.vietnam.phones import PhoneNumber

_DRAFT = re.compile(r"/so/them/([0-9a-f-]{36})/")
_PERSON = re.compile(r"/so/nguoi/([0-9a-f-]{36})/")


def register_household(client: Client, household: Sequence[Guest], done: Callable[[], None]) -> None:
    """Open a health book under the household's phone and register everybody in it."""
    first = household[0].resident
    client.post_form(
        "/so/mo-so/",
        {"phone": first.phone, "display_name": first.full_name.split()[-1], "password": PASSWORD},
    )
    client.post_form("/so/mo-so/ma/", {"code": _code_sent_to(client, first.phone)})
    for place, guest in enumerate(household):
        guest.person_id = _add(client, guest, relation="self" if place == 0 else "other")
        done()


def correct(client: Client, guest: Guest) -> None:
    """Put right what was wrong, as the ID card has it."""
    true = guest.said.mended()
    client.post_form(
        f"/so/nguoi/{guest.person_id}/sua/",
        {
            "full_name": true.full_name,
            "birth_date": date.fromisoformat(true.birth_date).strftime("%d/%m/%Y"),
            "sex": true.sex,
            "nationality": "VN",
            "identity_number": true.number,
        },
    )


def _code_sent_to(client: Client, phone: str) -> str:
    """Read the code where a practice installation shows the messages that it does not send, newest first."""
    to = re.escape(PhoneNumber.parse(phone).e164)
    return _found(re.compile(rf">(\d{{6}}) [^<]*</span><span[^>]*>{to} "), client.get("/tin-nhan/").text)


def _add(client: Client, guest: Guest, *, relation: str) -> UUID:
    begun = client.get("/so/them/")
    draft = _found(_DRAFT, str(begun.url))
    client.post_form(f"/so/them/{draft}/thong-tin/", _person(guest, relation))
    client.post_form(f"/so/them/{draft}/suc-khoe/", _health(guest))
    added = client.post_form(f"/so/them/{draft}/dong-y/", {"consent": "on"})
    return UUID(_found(_PERSON, str(added.url)))


def _person(guest: Guest, relation: str) -> dict[str, str]:
    said, home = guest.said, areas.ancestry(guest.resident.commune_code)
    return {
        "relation": relation,
        "full_name": said.full_name,
        "birth_date": date.fromisoformat(said.birth_date).strftime("%d/%m/%Y"),
        "sex": said.sex,
        "nationality": "VN",
        "identity_number": said.number,
        "phone": guest.resident.phone,
        "insurance_number": "",
        "province_code": home[2].code,
        "district_code": home[1].code,
        "residence_code": home[0].code,
        "address": guest.resident.address,
    }


def _health(guest: Guest) -> dict[str, str]:
    asked = screening_questions.questions(screening_questions.REGISTRATION, DAY)
    answers = {f"history.{one.code}": "no" for one in asked if one.is_asked_of(guest.said.sex)}
    return {"priority_group": "10", "wanted_from": "", "part_of_day": "any", **answers}


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    if match is None:
        raise UnexpectedAnswerError(f"the health book led elsewhere than to {pattern.pattern}")
    return match[1]
