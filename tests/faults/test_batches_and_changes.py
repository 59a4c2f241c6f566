"""Whom the register changed for is asked about anew in batches; a list of changes is taken whole or refused."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.exchanged import OPTIONS, answered, standings
from tests.unit.population.register import ask, enrol
from tiemchung.ground.errors import ConflictError, InvalidInputError
from tiemchung.identity import actions, actions_batches
from tiemchung.identity.models import PopulationCheck, Recheck
from tiemchung.people.models import Person
from tiemchung.population import actions as register
from tiemchung.population import batches as theirs
from tiemchung.population.changes import write_changes
from tiemchung.population.models import (
    Citizen,
    RegisterChange,
)

pytestmark = pytest.mark.django_db


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
