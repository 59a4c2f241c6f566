"""What the other side makes of a batch of questions: each is read or named, bounded, counted, and answered once."""

import csv
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.faults.exchanged import OPTIONS, SUU, answered, question, questions, rows_of
from tests.unit.population.register import ask, enrol
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.identity import batches
from tiemchung.people.models import Person
from tiemchung.population import actions as register
from tiemchung.population import batches as theirs
from tiemchung.population.changes import write_changes
from tiemchung.population.models import (
    Act,
    AnsweredBatch,
    RecordsOfBatch,
    Sent,
)

pytestmark = pytest.mark.django_db


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
    said = rows_of(tmp_path / "answers" / "answers-unchecked.parquet")
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
    settings.CLOCK_OFFSET += timedelta(days=1, minutes=1)
    assert one_record(tmp_path / "day after", 4).too_many == 0
    lately = AnsweredBatch.objects.order_by("-answered_at").values_list("id", flat=True)[:2]
    assert set(RecordsOfBatch.objects.values_list("batch", flat=True)) == set(lately)


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
