"""What lies where while a batch is answered: the health side may look at any moment, and may never see the register."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.faults.exchanged import OPTIONS, SUU, question, questions
from tests.unit.population.register import ask, enrol
from tiemchung.ground import batch_files
from tiemchung.ground.embedded import locks
from tiemchung.ground.errors import ConflictError
from tiemchung.population import batches
from tiemchung.population.models import RecordsOfBatch

pytestmark = pytest.mark.django_db

AGREED = {"answers-0000.parquet", "answers-unchecked.parquet", "errors.csv", "report.json"}
FINISHED = {*AGREED, "manifest.json", "manifest.sig"}


class KilledError(BaseException):
    """As good as SIGKILL."""


@pytest.fixture(autouse=True)
def own(tmp_path: Path, settings: Any) -> Path:
    """The population side's own folder."""
    settings.POPULATION_WORK = tmp_path / "own"
    return tmp_path / "own"


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    enrol("001167000999", **SUU)
    return questions(tmp_path / "questions", [question()])


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def killed(*_: Any, **__: Any) -> Any:
    raise KilledError


def kill_at(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, asked: Path, out: Path) -> None:
    """Answer the batch, and be killed when that function is called."""
    with monkeypatch.context() as patch:
        patch.setattr(place, name, killed)
        with pytest.raises(KilledError):
            batches.check_batch(asked, out, options=OPTIONS)


@pytest.mark.parametrize(
    ("place", "name", "left"),
    [
        (batches, "check_files", set()),
        (batches.actions_batches, "keep_questions", set()),
        (batches.actions_batches, "note_answered", set()),
        (batches, "sign", AGREED),
    ],
)
def test_wherever_a_run_is_killed_nothing_but_agreed_files_lies_in_sight(
    asked: Path, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, left: set[str]
) -> None:
    before = names(tmp_path)
    kill_at(monkeypatch, place, name, asked, tmp_path / "out")
    assert names(tmp_path / "out") == left
    assert any(path.name == "register.csv" for path in own.rglob("*"))  # it was there to be seen
    assert {name for name in names(tmp_path) - before if not name.startswith(("own", "out"))} == set()
    assert batches.check_batch(asked, tmp_path / "out", options=OPTIONS).answered == {"right": 1}
    assert names(tmp_path / "out") == FINISHED
    assert not list(own.iterdir())


def test_who_was_killed_at_the_very_end_leaves_the_register_until_the_repeat_alone(
    asked: Path, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = batch_files.write

    def written_then_killed(*said: Any) -> Any:
        write(*said)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(batches.batch_files, "write", written_then_killed)
        with pytest.raises(KilledError):
            batches.check_batch(asked, tmp_path / "out", options=OPTIONS)
    assert names(tmp_path / "out") == FINISHED
    assert any(path.name == "register.csv" for path in own.rglob("*"))
    assert batches.check_batch(asked, tmp_path / "out", options=OPTIONS).answered == {"right": 1}
    assert not list(own.iterdir())


def test_while_the_register_is_read_nobody_else_may_read_it(
    asked: Path, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_at(monkeypatch, batches, "check_files", asked, tmp_path / "out")
    assert [path.stat().st_mode & 0o777 for path in (own, *own.iterdir())] == [0o700, 0o700]


@pytest.mark.parametrize("place", ["out/work", "questions", "out"])
def test_a_folder_of_ones_own_in_sight_of_the_other_side_is_refused(
    asked: Path, tmp_path: Path, settings: Any, place: str
) -> None:
    settings.POPULATION_WORK = tmp_path / place
    with pytest.raises(ConflictError) as refused:
        batches.check_batch(asked, tmp_path / "out", options=OPTIONS)
    assert refused.value.field == "TIEMCHUNG_POPULATION_WORK"
    assert not (tmp_path / "out").exists()


def test_a_batch_that_is_being_answered_is_not_answered_twice_at_once(
    asked: Path, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill_at(monkeypatch, batches, "check_files", asked, tmp_path / "out")
    [work] = own.iterdir()
    with locks.locked(work / "lock", 0), pytest.raises(ConflictError) as refused:
        batches.check_batch(asked, tmp_path / "elsewhere", options=OPTIONS)
    assert refused.value.code == "batch_under_way"


def test_a_refused_batch_leaves_nothing(asked: Path, own: Path, tmp_path: Path) -> None:
    other = questions(tmp_path / "other", [question()])
    batches.check_batch(asked, tmp_path / "out", options=OPTIONS)
    with pytest.raises(ConflictError) as refused:
        batches.check_batch(other, tmp_path / "out", options=OPTIONS)
    assert refused.value.code == "answers_of_another_batch"
    assert not list(own.iterdir())


def one_record(folder: Path, count: int) -> Path:
    return questions(folder, [question(f"0011670{at:03}00", record="r") for at in range(count)])


def test_a_batch_that_comes_again_within_a_day_is_answered_alike_whatever_went_meanwhile(
    tmp_path: Path, settings: Any
) -> None:
    batches.check_batch(one_record(tmp_path / "early", 3), tmp_path / "early answers", options=OPTIONS)
    settings.CLOCK_OFFSET += timedelta(hours=20)
    asked = one_record(tmp_path / "late", 4)
    first = batches.check_batch(asked, tmp_path / "late answers", options=OPTIONS)
    assert first.too_many == 2
    settings.CLOCK_OFFSET += timedelta(hours=6)
    batches.check_batch(questions(tmp_path / "last", [question()]), tmp_path / "last answers", options=OPTIONS)
    assert batches.check_batch(asked, tmp_path / "again", options=OPTIONS) == first


def test_a_batch_that_comes_again_after_a_day_counts_as_of_now_and_then_stays(tmp_path: Path, settings: Any) -> None:
    assert ask(number="001167000999", record="r").verdict == "unknown"
    asked = one_record(tmp_path / "asked", 5)
    assert batches.check_batch(asked, tmp_path / "first", options=OPTIONS).too_many == 1
    settings.CLOCK_OFFSET += timedelta(days=1, minutes=1)
    again = batches.check_batch(asked, tmp_path / "again", options=OPTIONS)
    assert again.too_many == 0
    assert ask(number="001167000999", record="r").verdict == "too_many"
    settings.CLOCK_OFFSET += timedelta(hours=12)
    assert batches.check_batch(asked, tmp_path / "once more", options=OPTIONS) == again
    assert RecordsOfBatch.objects.get().questions == 5


def test_long_answers_are_read_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "AT_ONCE", 2)
    rows = [question(f"0011670{at:03}00", record=f"r{at % 2}") for at in range(16)]
    report = batches.check_batch(questions(tmp_path / "asked", rows), tmp_path / "out", options=OPTIONS)
    assert (report.answered, report.too_many) == ({"unknown": 10}, 6)
    assert batch_files.rows_of(tmp_path / "out" / "answers-unchecked.parquet") == 6
