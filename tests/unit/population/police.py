"""Commune police at their pages: the population side's own addresses and middleware, in the process of the test."""

import importlib
from typing import Any

import pytest
from django.test import Client

from tests.unit.population.register import HANH, NUMBER
from tiemchung.ground.ids import new_id
from tiemchung.population import actions_officers, actions_records
from tiemchung.population.actions_records import Said
from tiemchung.population.models import Confirmation, Officer

COMMUNE = "00001"
PASSWORD = "cong-an-phuc-xa"


@pytest.fixture
def pages(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser at the population side's pages."""
    for name in ("POPULATION_DATABASE_URL", "TIEMCHUNG_POPULATION_KEY", "TIEMCHUNG_POPULATION_SECRET"):
        monkeypatch.setenv(name, "postgresql:///x")
    theirs = importlib.import_module("tiemchung.population.settings")
    for name in ("ROOT_URLCONF", "MIDDLEWARE", "TEMPLATES", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"):
        setattr(settings, name, getattr(theirs, name))
    return Client()


def officer(commune_code: str = COMMUNE, username: str = "ca.phucxa") -> Officer:
    """An officer of a commune."""
    return actions_officers.open_officer(
        username=username, display_name="Trung úy Vi Văn Páo", commune_code=commune_code, password=PASSWORD
    )


def signed_in(client: Client, commune_code: str = COMMUNE) -> Officer:
    """Let an officer sign in."""
    found = officer(commune_code)
    assert client.post("/dang-nhap/", {"username": found.username, "password": PASSWORD}).status_code == 302
    return found


def record(**changes: Any) -> Confirmation:
    """A record about Mrs Hạnh that came from the health side, its birth date in doubt."""
    said = {
        **{"id": new_id(), "commune_code": COMMUNE, "number": NUMBER, "address": "Tổ 5", "field": "birth_date"},
        **HANH,
        **{"birth_date": "1984-01-01"},
        **changes,
    }
    assert actions_records.receive(said=Said(**said)) == "taken"
    return Confirmation.objects.get(pk=said["id"])
