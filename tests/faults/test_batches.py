"""Batches of questions between the two sides: whatever fails, nobody is verified by mistake and the run goes on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.exchanged import OPTIONS, answered, question, questions, rows_of, standings
from tests.station import Station
from tests.unit.people.made import stated
from tests.unit.population.register import ask
from tiemchung.ground import batch_files
from tiemchung.ground.batch_files import ANSWERS, QUESTIONS, Manifest
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.ground.ids import new_id
from tiemchung.identity import actions, actions_batches, batches, states
from tiemchung.identity.models import CheckBatch, PopulationCheck
from tiemchung.people import actions as people
from tiemchung.people.models import Person
from tiemchung.people.policy import Source
from tiemchung.population import batches as theirs
from tiemchung.population.models import (
    AnsweredBatch,
    Citizen,
    QuestionOfBatch,
)

pytestmark = pytest.mark.django_db


def test_a_batch_goes_out_is_answered_and_comes_in(four: list[Person], tmp_path: Path) -> None:
    answers, report = answered(tmp_path)
    assert (report.questions, report.answered) == (3, {"right": 1, "wrong": 1, "unknown": 1})
    found = actions_batches.import_answers(folder=answers, by=None)
    assert (found.rows, found.taken) == (3, 3)
    assert standings(four) == ["right", "wrong", "unknown", "not_sent"]
    assert states.of(four[1].id).fields == {
        "number": "right", "full_name": "accents_lost", "birth_date": "right", "sex": "right",
    }  # fmt: skip


def test_a_batch_says_what_single_answers_say(four: list[Person], tmp_path: Path) -> None:
    answers, _ = answered(tmp_path)
    actions_batches.import_answers(folder=answers, by=None)
    for person in four[:3]:
        kept = PopulationCheck.objects.get(person=person)
        number = person.identity_numbers.get().value
        said = ask(number=number, full_name=person.full_name, birth_date="1967-09-03", sex="female")
        assert (kept.verdict, kept.fields, kept.handle) == (said.verdict, said.fields, said.handle)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_no_value_of_the_register_is_in_what_leaves(four: list[Person], tmp_path: Path, form: str) -> None:
    actions_batches.export(folder=tmp_path / "questions", by=None, form=form)
    theirs.check_batch(tmp_path / "questions", tmp_path / "answers", options=OPTIONS)
    left = [path for path in (tmp_path / "answers").rglob("*") if path.is_file()]
    rows = [row for path in left if path.suffix == ".parquet" for row in rows_of(path)]
    assert {key for row in rows for key in row} == set(batches.ANSWER_COLUMNS)
    text = str(rows) + "".join(path.read_text() for path in left if path.suffix != ".parquet")
    for value in (
        "Hoàng Văn Pản",
        "Pản",
        "1967",
        "001167000777",
        *map(str, Citizen.objects.values_list("id", flat=True)),
    ):
        assert value not in text
    unknown = next(row for row in rows if row["verdict"] == "unknown")
    assert not any(unknown[name] for name in ("number", "full_name", "birth_date", "sex", "handle"))


def test_the_same_batch_again_is_answered_alike_and_changes_nothing(four: list[Person], tmp_path: Path) -> None:
    answers, first = answered(tmp_path)
    assert theirs.check_batch(tmp_path / "questions", answers, options=OPTIONS) == first
    assert theirs.check_batch(tmp_path / "questions", tmp_path / "again", options=OPTIONS) == first
    before = {path.name: rows_of(path) for path in answers.glob("*.parquet")}
    assert {path.name: rows_of(path) for path in (tmp_path / "again").glob("*.parquet")} == before
    assert AnsweredBatch.objects.count() == 1
    actions_batches.import_answers(folder=answers, by=None)
    again = actions_batches.import_answers(folder=tmp_path / "again", by=None)
    assert (again.taken, again.had) == (0, 3)
    assert PopulationCheck.objects.count() == 3
    assert QuestionOfBatch.objects.count() == 1


def test_who_is_in_a_batch_is_not_asked_about_meanwhile(four: list[Person], tmp_path: Path, settings: Any) -> None:
    actions_batches.export(folder=tmp_path / "one", by=None)
    with pytest.raises(ConflictError) as refused:
        actions_batches.export(folder=tmp_path / "two", by=None)
    assert refused.value.code == "nobody_unchecked"
    settings.CLOCK_OFFSET += actions.PAUSE * 2
    settings.POPULATION_URL = "http://127.0.0.1:1"
    assert actions.check_due(by=None) == 0
    assert PopulationCheck.objects.filter(fault="").count() == 3
    settings.CLOCK_OFFSET += actions.BATCH_PAUSE
    assert actions_batches.export(folder=tmp_path / "three", by=None).pk


def test_a_statement_made_meanwhile_is_not_answered_by_the_old_question(
    four: list[Person], station: Station, tmp_path: Path
) -> None:
    answers, _ = answered(tmp_path)
    changed = stated(full_name="Lý Thị Sữu", birth_date="03/09/1967", identity_numbers=(("cccd", "001167000999"),))
    people.correct(person_id=four[0].id, statement=changed, source=Source.SITE, by=station.nurse.id)
    actions_batches.import_answers(folder=answers, by=None)
    assert standings(four)[0] == "unchecked"


def test_an_export_that_was_killed_goes_on_as_the_same_batch(
    four: list[Person], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        """As good as SIGKILL."""

    def killed(*_: Any) -> Any:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(batch_files, "write", killed)
        with pytest.raises(KilledError):
            actions_batches.export(folder=tmp_path / "questions", by=None)
    batch = CheckBatch.objects.get()
    assert batch.written_at is None
    with pytest.raises(InvalidInputError):
        theirs.check_batch(tmp_path / "questions", tmp_path / "answers", options=OPTIONS)
    answers, report = answered(tmp_path)
    assert report.questions == 3
    assert CheckBatch.objects.get().pk == batch.pk
    assert actions_batches.import_answers(folder=answers, by=None).taken == 3


def test_a_check_that_was_killed_goes_on(four: list[Person], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class KilledError(BaseException):
        """As good as SIGKILL."""

    def killed(**_: Any) -> Any:
        raise KilledError

    actions_batches.export(folder=tmp_path / "questions", by=None)
    with monkeypatch.context() as patch:
        patch.setattr(theirs.actions_batches, "note_answered", killed)
        with pytest.raises(KilledError):
            theirs.check_batch(tmp_path / "questions", tmp_path / "answers", options=OPTIONS)
    assert not batch_files.is_finished(tmp_path / "answers")
    with pytest.raises(InvalidInputError) as refused:
        actions_batches.import_answers(folder=tmp_path / "answers", by=None)
    assert refused.value.code == "manifest_absent"
    report = theirs.check_batch(tmp_path / "questions", tmp_path / "answers", options=OPTIONS)
    assert report.answered == {"right": 1, "unknown": 1, "wrong": 1}
    assert actions_batches.import_answers(folder=tmp_path / "answers", by=None).taken == 3
    one = questions(tmp_path / "one", [question("001167000111")])
    with monkeypatch.context() as patch:
        patch.setattr(theirs.actions_batches, "note_answered", killed)
        with pytest.raises(KilledError):
            theirs.check_batch(one, tmp_path / "out", options=OPTIONS)
    report = theirs.check_batch(questions(tmp_path / "two", [question()]), tmp_path / "out", options=OPTIONS)
    assert (report.questions, report.answered) == (1, {"right": 1})


def forged(folder: Path, rows: list[tuple[Any, ...]], **changes: Any) -> Path:
    """Answers that are whole and signed, whatever they say: the population side itself may talk nonsense."""
    (out := folder / "forged").mkdir()
    batch = CheckBatch.objects.get()
    file = batch_files.write_rows(out / "answers-0000.parquet", batches.ANSWER_COLUMNS, rows)
    said = {"format": ANSWERS, "batch": batch.pk, "answers_to": batch.digest, **changes}
    manifest = Manifest(made_at=batch.made_at, period=("", ""), files=(file,), **said)
    batch_files.write(out, manifest, theirs.sign(manifest.text))
    return out


def right(question: Any, **changes: str) -> tuple[Any, ...]:
    said = {
        "id": str(question),
        "verdict": "right",
        **dict.fromkeys(("number", "full_name", "birth_date", "sex"), "right"),
    }
    said |= {"handle": "h" * 64, **changes}
    return tuple(said[name] for name in batches.ANSWER_COLUMNS)


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        (lambda asked: [right(new_id())], "never_asked"),
        (lambda asked: [right(asked), right(asked)], "double"),
        (lambda asked: [right(asked), right(asked, verdict="unknown", handle="")], "double"),
        (lambda asked: [right(asked, verdict="RIGHT")], "nonsense"),
        (lambda asked: [right(asked, verdict="")], "nonsense"),
        (lambda asked: [right(asked, handle="")], "nonsense"),
        (lambda asked: [right(asked, full_name="accents_lost")], "nonsense"),
        (lambda asked: [right(asked, full_name="Hoàng Văn Pản")], "nonsense"),
        (lambda asked: [right(asked, number="other_persons_number", verdict="wrong", handle="")], "nonsense"),
        (lambda asked: [right(asked, verdict="wrong", handle="")], "nonsense"),
        (lambda asked: [right(asked, verdict="too_many")], "faults"),
    ],
)  # fmt: skip
def test_nonsense_verifies_nobody(four: list[Person], tmp_path: Path, answer: Any, count: str) -> None:
    actions_batches.export(folder=tmp_path / "questions", by=None)
    asked = PopulationCheck.objects.get(person=four[1]).pk
    found = actions_batches.import_answers(folder=forged(tmp_path, answer(asked)), by=None)
    assert getattr(found, count) == 1
    assert found.taken == 0
    assert not PopulationCheck.objects.exclude(verdict="").exists()
    assert standings(four)[:3] == ["unchecked"] * 3


def test_a_row_whose_id_is_none_spoils_no_other(four: list[Person], tmp_path: Path) -> None:
    actions_batches.export(folder=tmp_path / "questions", by=None)
    asked = PopulationCheck.objects.get(person=four[0]).pk
    rows = [right("x"), right(asked), right(new_id())]
    assert actions_batches.import_answers(folder=forged(tmp_path, rows), by=None).taken == 1


@pytest.mark.parametrize(
    "changes", [{"batch": new_id()}, {"answers_to": "0" * 64}, {"answers_to": ""}, {"format": QUESTIONS}]
)
def test_answers_to_something_else_are_refused_whole(four: list[Person], tmp_path: Path, changes: Any) -> None:
    actions_batches.export(folder=tmp_path / "questions", by=None)
    asked = PopulationCheck.objects.get(person=four[0]).pk
    with pytest.raises((ConflictError, InvalidInputError)):
        actions_batches.import_answers(folder=forged(tmp_path, [right(asked)], **changes), by=None)
    assert not PopulationCheck.objects.exclude(verdict="").exists()


def cut(folder: Path) -> None:
    path = max(folder.glob("answers-0*.parquet"), key=lambda one: one.stat().st_size)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def signed_by_another(folder: Path) -> None:
    from tiemchung.ground import signed_notice

    private, public = signed_notice.new_key()
    text = (folder / "manifest.json").read_text()
    signature = {"key": signed_notice.key_id(public), "signature": signed_notice.sign(text, private=private)}
    (folder / "manifest.sig").write_text(json.dumps(signature))


@pytest.mark.parametrize(
    "harm", [cut, signed_by_another, lambda folder: (folder / "answers-unchecked.parquet").unlink()]
)
def test_half_or_forged_answers_are_refused_whole(
    four: list[Person], tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    answers, _ = answered(tmp_path)
    harm(answers)
    with pytest.raises(InvalidInputError):
        actions_batches.import_answers(folder=answers, by=None)
    assert standings(four)[:3] == ["unchecked"] * 3
