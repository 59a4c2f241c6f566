"""Batches of questions between the two sides: whatever fails, nobody is verified by mistake and the run goes on."""

import csv
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.station import Station, open_station
from tests.unit.people.made import stated
from tests.unit.population.register import ask, enrol
from tiemchung.ground import batch_files
from tiemchung.ground.batch_files import ANSWERS, QUESTIONS, Manifest
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.ground.ids import new_id
from tiemchung.identity import actions, actions_batches, batches, states
from tiemchung.identity.models import CheckBatch, PopulationCheck, Recheck
from tiemchung.linkage.sets.check import CheckOptions
from tiemchung.people import actions as people
from tiemchung.people.models import Person
from tiemchung.people.policy import Source
from tiemchung.population import actions as register
from tiemchung.population import batches as theirs
from tiemchung.population.changes import write_changes
from tiemchung.population.models import (
    Act,
    AnsweredBatch,
    Citizen,
    QuestionOfBatch,
    RecordsOfBatch,
    RegisterChange,
    Sent,
)

pytestmark = pytest.mark.django_db

SUU = {"full_name": "Lý Thị Sửu", "birth_date": "1967-09-03", "sex": "female"}
OPTIONS = CheckOptions("500MB", 1, 1, 1)


@pytest.fixture
def station() -> Station:
    return open_station()


@pytest.fixture
def four(station: Station) -> list[Person]:
    """One who is right, one whose name lacks its accents, one whose number nobody has, one without a number."""
    enrol("001167000999", **SUU)
    enrol("001167000777", full_name="Hoàng Văn Pản", birth_date="1967-09-03", sex="female")
    return [
        station.person(full_name="Lý Thị Sửu", identity_numbers=(("cccd", "001167000999"),)),
        station.person(full_name="Hoang Van Pan", identity_numbers=(("cccd", "001167000777"),)),
        station.person(full_name="Vi Thị Hoa", identity_numbers=(("cccd", "001167000555"),)),
        station.person(full_name="Ngô Minh Tuệ", identity_numbers=()),
    ]


def answered(folder: Path) -> tuple[Path, theirs.Report]:
    """Send what is due in the folder, and have it answered."""
    actions_batches.export(folder=folder / "questions", by=None)
    return folder / "answers", theirs.check_batch(folder / "questions", folder / "answers", options=OPTIONS)


def standings(persons: list[Person]) -> list[str]:
    return [states.of(person.id).state.value for person in persons]


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
    rows = [row for path in left if path.suffix == ".parquet" for row in _rows(path)]
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


def _rows(path: Path) -> list[dict[str, Any]]:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_the_same_batch_again_is_answered_alike_and_changes_nothing(four: list[Person], tmp_path: Path) -> None:
    answers, first = answered(tmp_path)
    assert theirs.check_batch(tmp_path / "questions", answers, options=OPTIONS) == first
    assert theirs.check_batch(tmp_path / "questions", tmp_path / "again", options=OPTIONS) == first
    before = {path.name: _rows(path) for path in answers.glob("*.parquet")}
    assert {path.name: _rows(path) for path in (tmp_path / "again").glob("*.parquet")} == before
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
    assert not (tmp_path / "answers" / "work").exists()
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


def questions(folder: Path, rows: list[tuple[str, ...]], columns: tuple[str, ...] = batches.COLUMNS) -> Path:
    """A batch that is whole and signed by the health side, whatever stands in it."""
    folder.mkdir()
    file = batch_files.write_rows(folder / "questions-0000.csv", columns, rows)
    from tiemchung.ground import clock

    manifest = Manifest(QUESTIONS, new_id(), clock.now(), ("", ""), (file,))
    batch_files.write(folder, manifest, batch_files.sign_by_secret(manifest.text, "tests-only"))
    return folder


def question(number: str = "001167000999", **changes: str) -> tuple[str, ...]:
    said = {"id": str(new_id()), "record": str(new_id()), "number": number, **SUU, **changes}
    return tuple(said[name] for name in batches.COLUMNS)


def test_rows_that_cannot_be_read_are_named_with_their_cure(tmp_path: Path) -> None:
    enrol("001167000999", **SUU)
    twice = question()
    bad = {
        "id": question(id="7"),
        "birth_date": question(birth_date="1967-13-99"),
        "sex": question(sex="nữ"),
        "full_name": question(full_name="x" * 251),
        "double": twice,
        "record": question(record="r" * 65),
    }
    asked = questions(tmp_path / "questions", [twice, *bad.values()])
    report = theirs.check_batch(asked, tmp_path / "answers", options=OPTIONS)
    assert (report.answered, report.unreadable) == ({"right": 1}, 6)
    with (tmp_path / "answers" / "errors.csv").open(encoding="utf-8") as file:
        errors = list(csv.DictReader(file))
    assert [(row["row"], row["field"]) for row in errors] == [(str(at), field) for at, field in enumerate(bad, start=2)]
    assert all(row["vi"] and row["en"] for row in errors)
    assert "1967-13-99" not in str(errors)


@pytest.mark.parametrize("absent", ["id", "number", "sex"])
def test_a_batch_without_a_column_is_refused(tmp_path: Path, absent: str) -> None:
    columns = tuple(name for name in batches.COLUMNS if name != absent)
    asked = questions(tmp_path / "questions", [("x",) * len(columns)], columns)
    with pytest.raises(InvalidInputError) as refused:
        theirs.check_batch(asked, tmp_path / "answers", options=OPTIONS)
    assert refused.value.field == absent


def test_a_walk_in_a_batch_is_not_answered_and_told(tmp_path: Path) -> None:
    rows = [question(f"0011670009{at:02}") for at in range(30)]
    report = theirs.check_batch(questions(tmp_path / "questions", rows), tmp_path / "answers", options=OPTIONS)
    assert (report.walks, report.answered) == (30, {})
    assert Act.objects.get(act="limit").detail["walks"] == 30
    said = _rows(tmp_path / "answers" / "answers-unchecked.parquet")
    assert {row["verdict"] for row in said} == {"too_many"}


def test_too_many_records_on_one_number_are_not_all_answered(tmp_path: Path) -> None:
    enrol("001167000999", **SUU)
    asked = questions(tmp_path / "questions", [question() for _ in range(25)])
    report = theirs.check_batch(asked, tmp_path / "answers", options=OPTIONS)
    assert (report.answered, report.too_many, report.walks) == ({"right": 20}, 5, 0)


def test_a_number_is_one_however_it_is_written(tmp_path: Path) -> None:
    enrol("001167000999", **SUU)
    written = ["001167000999", "001 167 000 999", "001.167.000.999", "0011-6700-0999", " 001167000999"]
    asked = questions(tmp_path / "questions", [question(written[at % 5]) for at in range(25)])
    report = theirs.check_batch(asked, tmp_path / "answers", options=OPTIONS)
    assert (report.too_many, sum(report.answered.values())) == (5, 20)


def test_a_number_with_spaces_that_was_wrong_is_told_when_it_changes(tmp_path: Path) -> None:
    citizen = enrol("001167000999", **SUU)
    asked = questions(tmp_path / "questions", [question("001 167 000 999", full_name="Lý Thị Suu")])
    theirs.check_batch(asked, tmp_path / "answers", options=OPTIONS)
    register.note_change(citizen=citizen)
    assert write_changes(tmp_path / "changes.json", after=0).questions == 1


def test_a_record_is_checked_five_times_in_a_batch_whatever_it_says(tmp_path: Path) -> None:
    asked = questions(tmp_path / "questions", [question(f"0011670{at:05}", record="r") for at in range(0, 800, 100)])
    report = theirs.check_batch(asked, tmp_path / "answers", options=OPTIONS)
    assert (report.too_many, report.answered) == (3, {"unknown": 5})


def one_record(folder: Path, count: int) -> theirs.Report:
    """A batch that asks so often about one record, answered."""
    asked = questions(folder, [question(f"0011670{at:03}00", record="r") for at in range(count)])
    return theirs.check_batch(asked, folder.with_name(f"{folder.name} answers"), options=OPTIONS)


def test_single_questions_and_batches_count_together_for_a_records_day(tmp_path: Path, settings: Any) -> None:
    """Five a day of one record, however they come; the next day anew."""
    assert ask(number="001167000999", record="r").verdict == "unknown"
    assert ask(number="001167000999", record="r").verdict == "unknown"
    report = one_record(tmp_path / "two", 2)
    assert (report.too_many, sum(report.answered.values())) == (0, 2)
    report = one_record(tmp_path / "more", 3)
    assert (report.too_many, sum(report.answered.values())) == (2, 1)
    assert ask(number="001167000999", record="r").verdict == "too_many"
    assert ask(number="001167000999", record="other").verdict == "unknown"
    settings.CLOCK_OFFSET += timedelta(days=1, minutes=1)
    assert ask(number="001167000999", record="r").verdict == "unknown"
    assert one_record(tmp_path / "next day", 4).too_many == 0
    assert set(RecordsOfBatch.objects.values_list("record", "questions")) == {("r", 4)}


def test_the_same_batch_counts_once_and_is_answered_alike_whatever_came_since(tmp_path: Path) -> None:
    first = one_record(tmp_path / "one", 3)
    assert ask(number="001167000999", record="r").verdict == "unknown"
    again = theirs.check_batch(tmp_path / "one", tmp_path / "elsewhere", options=OPTIONS)
    assert again == first
    assert ask(number="001167000999", record="r").verdict == "unknown"
    assert ask(number="001167000999", record="r").verdict == "too_many"


def test_another_batch_under_the_same_id_is_refused(four: list[Person], tmp_path: Path) -> None:
    answered(tmp_path)
    batch = AnsweredBatch.objects.get()
    AnsweredBatch.objects.filter(pk=batch.pk).update(digest="0" * 64)
    with pytest.raises(ConflictError) as refused:
        theirs.check_batch(tmp_path / "questions", tmp_path / "other", options=OPTIONS)
    assert refused.value.code == "batch_conflict"


def test_what_left_is_written_down(four: list[Person], tmp_path: Path) -> None:
    answers, _ = answered(tmp_path)
    assert Sent.objects.get().body == (answers / "manifest.json").read_text()


@pytest.fixture
def changed(four: list[Person], tmp_path: Path) -> Path:
    """Answers are in; then the register learns of the third person, and amends the first and the second."""
    answers, _ = answered(tmp_path)
    actions_batches.import_answers(folder=answers, by=None)
    enrol("001167000555", full_name="Vi Thị Hoa", birth_date="1967-09-03", sex="female")
    for number in ("001167000999", "001167000777"):
        register.note_change(citizen=Citizen.objects.get(numbers__value=number))
    write_changes(tmp_path / "changes.json", after=0)
    return tmp_path / "changes.json"


def test_whom_the_register_changed_for_is_asked_anew(four: list[Person], changed: Path, tmp_path: Path) -> None:
    assert RegisterChange.objects.count() == 2
    assert actions_batches.import_changes(path=changed, by=None) == 2
    assert standings(four) == ["unchecked", "unchecked", "unknown", "not_sent"]
    actions.ask_unknown_anew(by=None, older_than=timedelta(0))
    actions_batches.export(folder=tmp_path / "more", by=None)
    theirs.check_batch(tmp_path / "more", tmp_path / "more answers", options=OPTIONS)
    actions_batches.import_answers(folder=tmp_path / "more answers", by=None)
    assert standings(four) == ["right", "wrong", "right", "not_sent"]


def test_nobody_is_told_that_a_number_has_come_to_be_known(four: list[Person], tmp_path: Path) -> None:
    """By wire or in a batch: neither the list nor that there is one says it."""
    answers, _ = answered(tmp_path)
    actions_batches.import_answers(folder=answers, by=None)
    ask(number="001167000555", full_name="Vi Thị Hoa", birth_date="1967-09-03", sex="female")
    asked = PopulationCheck.objects.get(person=four[2]).pk
    enrol("001167000555", full_name="Vi Thị Hoa", birth_date="1967-09-03", sex="female")
    assert not RegisterChange.objects.exists()
    citizen = Citizen.objects.get(numbers__value="001167000555")
    register.note_change(citizen=citizen)  # what comes later of her is told by handle, which nobody holds
    assert write_changes(tmp_path / "changes.json", after=0).questions == 0
    assert str(asked) not in (tmp_path / "changes.json").read_text()


def test_somebody_elses_number_is_not_told_of_when_he_changes(four: list[Person], tmp_path: Path) -> None:
    """Another person's number reads as unknown, so its owner's change must not be told to who asked under it."""
    citizen = enrol("001167000555", full_name="Đặng Quang Lộc", birth_date="1957-03-29", sex="male")
    _, report = answered(tmp_path)
    assert report.answered["unknown"] == 1
    register.note_change(citizen=citizen)
    assert write_changes(tmp_path / "changes.json", after=0).questions == 0


def test_a_right_that_comes_in_after_the_list_that_names_it_is_asked_anew(four: list[Person], tmp_path: Path) -> None:
    answers, _ = answered(tmp_path)
    register.note_change(citizen=Citizen.objects.get(full_name="Lý Thị Sửu"))
    write_changes(tmp_path / "changes.json", after=0)
    assert actions_batches.import_changes(path=tmp_path / "changes.json", by=None) == 0
    assert actions_batches.import_answers(folder=answers, by=None).taken == 3
    assert standings(four) == ["unchecked", "wrong", "unknown", "not_sent"]
    actions_batches.import_answers(folder=answers, by=None)
    assert Recheck.objects.count() == 1


def test_a_right_that_was_judged_after_the_change_holds(four: list[Person], tmp_path: Path) -> None:
    register.note_change(citizen=Citizen.objects.get(full_name="Lý Thị Sửu"))
    write_changes(tmp_path / "changes.json", after=0)
    actions_batches.import_changes(path=tmp_path / "changes.json", by=None)
    answers, _ = answered(tmp_path)
    actions_batches.import_answers(folder=answers, by=None)
    assert standings(four) == ["right", "wrong", "unknown", "not_sent"]


def test_the_same_list_of_changes_again_changes_nothing(changed: Path) -> None:
    actions_batches.import_changes(path=changed, by=None)
    assert actions_batches.import_changes(path=changed, by=None) == 0
    assert Recheck.objects.count() == 2
    assert actions_batches.last_change() == RegisterChange.objects.latest("pk").pk


def test_a_list_goes_on_after_the_last_change(changed: Path, tmp_path: Path) -> None:
    last = RegisterChange.objects.latest("pk").pk
    written = write_changes(tmp_path / "next.json", after=last)
    assert (written.upto, written.handles, written.questions) == (last, 0, 0)


def test_a_list_that_leaves_changes_out_is_refused(changed: Path, tmp_path: Path) -> None:
    write_changes(tmp_path / "later.json", after=1)
    with pytest.raises(ConflictError) as refused:
        actions_batches.import_changes(path=tmp_path / "later.json", by=None)
    assert refused.value.code == "changes_missing"
    assert not Recheck.objects.exists()
    actions_batches.import_changes(path=changed, by=None)
    assert actions_batches.import_changes(path=tmp_path / "later.json", by=None) > 0


def test_a_list_of_changes_holds_no_value(changed: Path) -> None:
    text = changed.read_text()
    for value in ("001167000", "Pản", "1967", *map(str, Citizen.objects.values_list("id", flat=True))):
        assert value not in text


@pytest.mark.parametrize("harm", [lambda text: text[:50], lambda text: text.replace("upto", "upt0"), lambda text: "[]"])
def test_a_list_that_is_not_theirs_word_for_word_is_refused(changed: Path, harm: Callable[[str], str]) -> None:
    changed.write_text(harm(changed.read_text()))
    with pytest.raises(InvalidInputError) as refused:
        actions_batches.import_changes(path=changed, by=None)
    assert refused.value.code == "changes_unreadable"
    assert not Recheck.objects.exists()
