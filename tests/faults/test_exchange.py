"""When the population side fails: nobody is ever marked verified by mistake, and the run goes on where it stopped."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.other_side import OtherSide, right, serving
from tests.station import open_station
from tiemchung.ground.ids import new_id
from tiemchung.identity import actions, actions_batches, exchange, states
from tiemchung.identity.models import PopulationCheck

pytestmark = pytest.mark.django_db

Answers = list[dict[str, Any]]


@pytest.fixture
def side(settings: Any) -> Iterator[OtherSide]:
    with serving() as found:
        settings.POPULATION_URL = found.address
        yield found


def asked_once(settings: Any) -> PopulationCheck:
    """Ask about one new person; whatever happened, he must not be verified if this returns a fault."""
    settings.CLOCK_OFFSET += actions.PAUSE + timedelta(seconds=1)
    PopulationCheck.objects.all().delete()
    person = open_station().person()
    actions.check(person_id=person.id, by=None)
    return PopulationCheck.objects.get(person=person)


def spoilt(**changes: Any) -> Callable[[Answers], Any]:
    """All would be right, but for these changes in each answer."""
    return lambda asked: {"answers": [{**one, **changes} for one in right(asked)["answers"]]}


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[]", b"null", b'{"answers": 1}', b"\xff", b"[" * 5000, b'"answers"'])
def test_what_is_no_answer_is_nonsense(side: OtherSide, settings: Any, raw: bytes) -> None:
    side.raw = raw
    kept = asked_once(settings)
    assert (kept.verdict, kept.fault, kept.answered_at) == ("", "nonsense", None)


@pytest.mark.parametrize(
    "answer",
    [
        lambda asked: {"answers": []},
        lambda asked: {"answers": right(asked)["answers"] * 2},
        lambda asked: {"answers": {"0": right(asked)["answers"][0]}},
        lambda asked: {"answers": [None]},
        lambda asked: {"answers": ["right"]},
        spoilt(id=str(new_id())),
        spoilt(id=None),
        spoilt(verdict="RIGHT"),
        spoilt(verdict=["right"]),
        spoilt(verdict=True),
        spoilt(handle=""),
        spoilt(handle=None),
        spoilt(handle="h" * 65),
        spoilt(verdict="wrong"),
        spoilt(verdict="unknown"),
        spoilt(fields={"full_name": "accents_lost"}),
        spoilt(fields={"full_name": "Nguyễn Thị Thu Hạnh"}),
        spoilt(fields={"residence": "right"}),
        spoilt(fields={"number": "other_persons_number"}, verdict="wrong", handle=""),
        spoilt(fields=["full_name"]),
        spoilt(verdict="wrong", handle="", fields={"full_name": "right"}),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_whole_verifies_nobody(side: OtherSide, settings: Any, answer: Any) -> None:
    side.answer = answer
    kept = asked_once(settings)
    assert (kept.verdict, kept.handle, kept.fields) == ("", "", {})
    assert kept.fault == "nonsense"


def test_a_difference_that_is_none_of_fact_does_not_spoil_right(side: OtherSide, settings: Any) -> None:
    side.answer = spoilt(fields={"number": "old_number", "full_name": "letter_case"})
    assert asked_once(settings).verdict == "right"


@pytest.mark.parametrize("fault", ["unreadable", "too_many", "conflict"])
def test_a_question_that_was_not_answered_says_why(side: OtherSide, settings: Any, fault: str) -> None:
    side.answer = lambda asked: {"answers": [{"verdict": fault, "fields": {"number": "unreadable"}}]}
    assert asked_once(settings).fault == fault


def test_a_handle_without_right_is_kept_nowhere(side: OtherSide, settings: Any) -> None:
    side.answer = spoilt(verdict="wrong", fields={"sex": "other"})
    kept = asked_once(settings)
    assert (kept.verdict, kept.handle) == ("", "")


@pytest.mark.parametrize(
    ("status", "fault"), [(500, "down"), (502, "down"), (401, "refused"), (422, "refused"), (302, "down")]
)
def test_an_error_of_the_other_side_is_a_fault(side: OtherSide, settings: Any, status: int, fault: str) -> None:
    side.status = status
    assert asked_once(settings).fault == fault


def test_a_side_that_is_not_there_is_down(settings: Any) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.POPULATION_URL = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        assert asked_once(settings).fault == "down"


@pytest.mark.parametrize("address", ["http://", "nowhere", "http://127.0.0.1:99999", "http://[::1"])
def test_an_address_that_cannot_be_is_down(settings: Any, address: str) -> None:
    settings.POPULATION_URL = address
    assert asked_once(settings).fault == "down"


def test_a_side_that_does_not_answer_in_time_is_slow(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.POPULATION_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert asked_once(settings).fault == "slow"


def test_a_side_that_drips_is_slow(side: OtherSide, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "TIMEOUT", 0.1)
    side.drip = 0.02
    assert asked_once(settings).fault == "slow"


def test_an_answer_without_an_end_is_cut_off(side: OtherSide, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "MAX_ANSWER", 100)
    assert asked_once(settings).fault == "nonsense"


def test_one_bad_answer_spoils_no_other(side: OtherSide) -> None:
    station = open_station()
    for _ in range(3):
        station.person()

    def half(asked: Answers) -> Any:
        answers = right(asked)["answers"]
        return {"answers": [answers[0], {"verdict": "right"}, answers[2]]}

    side.answer = half
    assert actions.check_due(by=None) == 2
    assert sorted(PopulationCheck.objects.values_list("verdict", flat=True)) == ["", "right", "right"]


def test_the_answer_about_somebody_else_is_not_taken(side: OtherSide) -> None:
    station = open_station()
    for _ in range(2):
        station.person()
    side.answer = lambda asked: {"answers": right(asked)["answers"][::-1]}
    assert actions.check_due(by=None) == 0
    assert not PopulationCheck.objects.exclude(verdict="").exists()


def test_the_run_resumes_when_the_other_side_is_back(side: OtherSide, settings: Any) -> None:
    station = open_station()
    for _ in range(7):
        station.person()
    works = iter([True, False])

    def breaks_down(asked: Answers) -> Any:
        if not next(works, False):
            side.status = 503
        return right(asked)

    side.answer = breaks_down
    assert actions.check_due(by=None, limit=3) == 3
    side.status, side.answer = 200, right
    settings.CLOCK_OFFSET += actions.PAUSE + timedelta(seconds=1)
    assert actions.check_due(by=None, limit=3) == 4
    assert PopulationCheck.objects.filter(verdict="right").values("person").distinct().count() == 7


def test_a_process_that_died_after_asking_is_asked_again_for(side: OtherSide, settings: Any) -> None:
    open_station().person()

    class KilledError(BaseException):
        """As good as SIGKILL: nothing after it runs."""

    def killed(questions: list[Any], **_: Any) -> Any:
        raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "ask", killed)
        with pytest.raises(KilledError):
            actions.check_due(by=None)
    assert PopulationCheck.objects.get().verdict == ""
    settings.CLOCK_OFFSET += actions.PAUSE + timedelta(seconds=1)
    assert actions.check_due(by=None) == 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


REGISTER = """number,old_number,full_name,birth_date,sex,residence_code
001167000999,,Lý Thị Sửu,1967-09-03,female,00001
"""


@pytest.fixture
def real_side(fresh_database: Callable[..., str], settings: Any) -> Iterator[dict[str, str]]:
    """The population side as its owner runs it: its own process, its own store. Gives its environment."""
    port = free_port()
    secrets = {"TIEMCHUNG_POPULATION_SECRET": settings.POPULATION_SECRET, "TIEMCHUNG_POPULATION_KEY": "theirs"}
    environment = {**os.environ, **secrets, "POPULATION_DATABASE_URL": fresh_database("population")}
    environment["TIEMCHUNG_ANY_ROLE"] = "1"
    for name in ("DATABASE_URL", "TIEMCHUNG_SECRET_KEY", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "tiemchung.cli.main", "population", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = []
    for line in process.stdout:  # ends when the process does
        said.append(line)
        if "Started worker" in line:
            break
    assert process.poll() is None, "".join(said)
    threading.Thread(target=process.stdout.read, daemon=True).start()  # a full pipe must not stop it
    settings.POPULATION_URL = f"http://127.0.0.1:{port}"
    yield environment
    process.terminate()
    process.wait(30)


def test_the_real_process_answers_and_knows_nothing_else(
    real_side: dict[str, str], settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
    load = [sys.executable, "-m", "tiemchung.cli.main", "population", "load", str(tmp_path / "register.csv")]
    subprocess.run(load, env=real_side, check=True, capture_output=True)
    person = open_station().person(full_name="Lý Thị Sửu", identity_numbers=(("cccd", "001167000999"),))
    assert actions.check(person_id=person.id, by=None).state == "right"
    assert actions.check(person_id=open_station().person().id, by=None).state == "unknown"
    for path, status in [
        ("/", 302),
        ("/check", 405),
        ("/notices", 405),
        ("/look/", 404),
        ("/admin/", 404),
        ("/static/x", 404),
    ]:
        assert httpx.get(f"{settings.POPULATION_URL}{path}", trust_env=False).status_code == status
    settings.POPULATION_SECRET = "another"
    assert asked_once(settings).fault == "refused"


def test_a_batch_between_the_real_processes(real_side: dict[str, str], settings: Any, tmp_path: Path) -> None:
    """The population side answers from its own store, in its own process; this side sees nothing but its files."""
    (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
    environment = {**real_side, "TIEMCHUNG_SLIP_KEY": settings.SLIP_KEY}

    def population(*words: str) -> str:
        command = [sys.executable, "-m", "tiemchung.cli.main", "population", *words]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    population("load", str(tmp_path / "register.csv"))
    person = open_station().person(full_name="Ly Thi Suu", identity_numbers=(("cccd", "001167000999"),))
    actions_batches.export(folder=tmp_path / "questions", by=None)
    said = population("check-batch", str(tmp_path / "questions"), str(tmp_path / "answers"), "--json")
    assert json.loads(said)["answered"] == {"wrong": 1}
    assert actions_batches.import_answers(folder=tmp_path / "answers", by=None).taken == 1
    assert states.of(person.id).fields["full_name"] == "accents_lost"
    assert json.loads(population("changes", str(tmp_path / "changes.json"), "--json"))["handles"] == 0
