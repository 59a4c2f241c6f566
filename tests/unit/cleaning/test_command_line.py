"""`tiemchung identity funnel`: the table on the command line, for people and for machines."""

import json

import pytest
from click.testing import CliRunner

from tests.station import open_station
from tests.unit.cleaning.tasks import task_of
from tiemchung.cleaning.models import FunnelDay
from tiemchung.cli import identity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "prepare", lambda *_: None)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(identity.group, ["funnel", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_the_table_is_printed_beside_the_nations() -> None:
    task_of(open_station().person(), sex="other")
    text = run("--by-province")
    assert "wrong" in text
    assert "95.4%" in text
    assert "sex: other" in text


def test_machines_read_the_same() -> None:
    task_of(open_station().person(), sex="other")
    found = json.loads(run("--json", "--by-province", "--keep"))
    assert (found["sent"], found["wrong"], found["without_number"]) == (1, 1, 0)
    assert found["causes"] == [{"field": "sex", "kind": "other", "tasks": 1}]
    assert found["provinces"][0]["province"] == "01"
    assert found["provinces"][0]["causes"] == found["causes"]
    assert FunnelDay.objects.get().wrong == 1
