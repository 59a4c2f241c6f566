"""The check of whole files gives the answers of the record-by-record check, whatever is written."""

import random
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.unit.linkage.slips import Citizen, Written, citizens, write, written
from tiemchung.linkage.cures import cheapest_cure
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.kinds import DateKind, NameKind, NumberKind
from tiemchung.linkage.sets import check
from tiemchung.linkage.sets.check import CheckOptions, check_files
from tiemchung.linkage.sets.forms import birth_code, born, sex_code
from tiemchung.linkage.verdict import Asked, Judgement, Known, Verdict, answer, judge
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.digits import compact
from tiemchung.vietnam.sex import Sex

TWICE = frozenset(map(str, range(271450001, 271500001)))
FIELDS = ("number", "full_name", "birth_date", "sex")
ONE = CheckOptions(memory_limit="1GB", threads=1, partitions=1, processes=1)


@pytest.fixture(scope="module")
def people() -> list[Citizen]:
    return citizens(120, random.Random(11))


@pytest.fixture(scope="module")
def records(people: list[Citizen]) -> list[Written]:
    return written(people, random.Random(12))


@pytest.fixture(scope="module")
def files(people: list[Citizen], records: list[Written], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("files")
    return write(folder / "asked.csv", records), write(folder / "known.csv", people)


def rows(folder: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        found = connection.execute(f"SELECT * FROM '{folder}/answers-*.parquet' ORDER BY record")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def answers(files: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    out = tmp_path_factory.mktemp("answers")
    check_files([files[0]], [files[1]], out, ONE)
    return rows(out)


def asked_of(one: Written) -> Asked:
    sex = {0: None, 1: Sex.MALE, 2: Sex.FEMALE}[sex_code(one.sex)]
    return Asked(one.number, one.full_name, born(birth_code(one.birth_date)), sex)


def known_of(one: Citizen) -> Known:
    return Known(
        one.citizen,
        one.full_name,
        PartialDate.parse(one.birth_date),
        Sex(one.sex) if one.sex else None,
        one.number,
        tuple(one.former_numbers.split()),
    )


def by_number(people: list[Citizen]) -> dict[str, list[Known]]:
    found: dict[str, list[Known]] = {}
    for one in people:
        for number in (one.number, *one.former_numbers.split()):
            found.setdefault(number, []).append(known_of(one))
    return found


def inside_of(asked: Asked, known: list[Known]) -> Judgement:
    """What the register's own side sees: of several who have the number the one whom all fits, else nobody."""
    judged = [judge(asked, one) for one in known]
    right = [one for one in judged if one.verdict is Verdict.RIGHT]
    if len(right) == 1:
        return right[0]
    return judged[0] if len(judged) == 1 else judge(asked, None)


def said(judgement: Judgement) -> tuple[str | None, ...]:
    kinds = judgement.kinds
    return judgement.verdict.value, *(kinds.get(name) for name in FIELDS), cheapest_cure(judgement)


def test_every_record_is_answered_as_by_itself(
    people: list[Citizen], records: list[Written], answers: list[dict[str, Any]]
) -> None:
    known = by_number(people)
    assert [row["record"] for row in answers] == [one.record for one in records]
    for one, row in zip(records, answers, strict=True):
        if one.nationality != "VN":
            assert (row["verdict"], row["outward_verdict"], row["handle"]) == ("not_sent", "not_sent", None)
            continue
        asked, there = asked_of(one), known.get(compact(one.number), [])
        inside, outside = inside_of(asked, there), answer(asked, there)
        assert tuple(row[name] for name in ("verdict", *FIELDS, "cure")) == said(inside), one
        outward = tuple(row[f"outward_{name}"] for name in ("verdict", *FIELDS, "cure"))
        assert outward == said(outside), one
        assert (row["handle"] or "") == outside.handle, one
        assert row["inside_only"] == inside.inside_only, one
        assert row["citizens_with_number"] == max(1, len(there)), one


def test_the_records_hold_every_kind(answers: list[dict[str, Any]]) -> None:
    """Else the test above would prove less than it says."""
    seen = {name: {row[name] for row in answers} for name in FIELDS}
    assert {kind.value for kind in NameKind} - {"other"} <= seen["full_name"]
    assert {kind.value for kind in DateKind} <= seen["birth_date"]
    # Found by its number, a record's number is right or an old one: what a slip made of it is nobody's.
    unseen = {NumberKind.DIGIT_SLIP, NumberKind.TRANSPOSED_DIGITS}
    assert {kind.value for kind in NumberKind} - {kind.value for kind in unseen} <= seen["number"]
    assert {"right", "missing", "other"} <= seen["sex"]
    assert len({(row["verdict"], row["outward_verdict"]) for row in answers}) == 5


def test_most_names_are_judged_by_statements(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every second pair of these names is odd on purpose; were all of them left to Python, the speed would be gone."""
    left: list[int] = []
    name_all = check.name_sets.name_all
    monkeypatch.setattr(check.name_sets, "name_all", lambda pairs, n: left.append(len(pairs)) or name_all(pairs, n))
    check_files([files[0]], [files[1]], tmp_path, ONE)
    assert 0 < left[0] < 4000


@pytest.mark.parametrize(("partitions", "threads", "processes"), [(1, 2, 2), (7, 1, 1), (16, 2, 1)])
def test_partitions_and_threads_change_nothing(
    files: tuple[Path, Path],
    answers: list[dict[str, Any]],
    tmp_path: Path,
    partitions: int,
    threads: int,
    processes: int,
) -> None:
    options = CheckOptions("1GB", threads, partitions, processes)
    summary = check_files([files[0]], [files[1]], tmp_path, options)
    assert rows(tmp_path) == answers
    assert summary.inside == dict(Counter(row["verdict"] for row in answers))
    assert summary.outward == dict(Counter(row["outward_verdict"] for row in answers))
    assert {path.name for path in tmp_path.iterdir() if path.suffix != ".parquet"} == {"plan.json", "summary.json"}


def test_names_left_to_processes_are_named_as_in_one(
    files: tuple[Path, Path], answers: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check.name_sets, "WORTH_PROCESSES", 1)
    check_files([files[0]], [files[1]], tmp_path, CheckOptions("1GB", 1, 1, processes=2))
    assert rows(tmp_path) == answers


def test_evidence_of_the_number_itself(records: list[Written], answers: list[dict[str, Any]]) -> None:
    stated = Counter(
        number for one in records if one.nationality == "VN" and len(number := _digits(one.number)) in (9, 12)
    )
    for one, row in zip(records, answers, strict=True):
        if row["verdict"] == "not_sent":
            continue
        assert row["records_with_number"] == max(1, stated[_digits(one.number)]), one
        assert row["issued_twice"] == (_digits(one.number) in TWICE), one
    assert any(row["states_other_sex"] for row in answers)
    assert any(row["states_other_year"] for row in answers)


def _digits(written: str) -> str:
    plain = compact(written)
    return plain if plain.isascii() and plain.isdigit() else ""


def test_a_run_that_was_killed_goes_on(
    files: tuple[Path, Path], answers: list[dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        """As good as SIGKILL: nothing after it runs."""

    done: list[Path] = []
    real = check.Partition.answer

    def answer_two(self: Any, path: Path) -> None:
        if len(done) == 2:
            path.with_suffix(".parquet.part").write_bytes(b"half")
            raise KilledError
        done.append(path)
        real(self, path)

    options = CheckOptions("1GB", 1, 5, 1)
    monkeypatch.setattr(check.Partition, "answer", answer_two)
    with pytest.raises(KilledError):
        check_files([files[0]], [files[1]], tmp_path, options)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("answers-*.parquet")}
    assert len(before) == 2
    assert not (tmp_path / "summary.json").exists()
    monkeypatch.setattr(check.Partition, "answer", real)
    check_files([files[0]], [files[1]], tmp_path, options)
    assert rows(tmp_path) == answers
    assert all(path.stat().st_mtime_ns == when for path, when in before.items())


def test_a_split_that_was_killed_is_made_anew(
    files: tuple[Path, Path], answers: list[dict[str, Any]], tmp_path: Path
) -> None:
    half = tmp_path / "split" / "asked" / "part=0"
    half.mkdir(parents=True)
    (half / "data_0.parquet").write_bytes(b"half")
    check_files([files[0]], [files[1]], tmp_path, CheckOptions("1GB", 1, 3, 1))
    assert rows(tmp_path) == answers


def test_other_inputs_begin_anew(files: tuple[Path, Path], people: list[Citizen], tmp_path: Path) -> None:
    check_files([files[0]], [files[1]], tmp_path / "out", ONE)
    asked = [Written("x1", people[2].number, people[2].full_name, people[2].birth_date, people[2].sex)]
    check_files([write(tmp_path / "asked.csv", asked)], [files[1]], tmp_path / "out", ONE)
    assert [(row["record"], row["verdict"]) for row in rows(tmp_path / "out")] == [("x1", "right")]


def test_an_unfinished_run_keeps_its_number_of_partitions(files: tuple[Path, Path], tmp_path: Path) -> None:
    check_files([files[0]], [files[1]], tmp_path, CheckOptions("1GB", 1, 3, 1))
    with pytest.raises(LinkageError, match="3 partitions"):
        check_files([files[0]], [files[1]], tmp_path, CheckOptions("1GB", 1, 4, 1))


def test_several_files_are_one_side(people: list[Citizen], records: list[Written], tmp_path: Path) -> None:
    asked = [write(tmp_path / f"asked{at}.csv", records[at::2]) for at in range(2)]
    known = [write(tmp_path / f"known{at}.csv", people[at::2]) for at in range(2)]
    assert check_files(asked, known, tmp_path / "out", ONE).records == len(records)


@pytest.mark.parametrize(("side", "column"), [("asked", "birth_date"), ("known", "citizen")])
def test_a_column_that_is_not_there_is_named(files: tuple[Path, Path], tmp_path: Path, side: str, column: str) -> None:
    (tmp_path / "poor.csv").write_text("record,number,full_name,sex\n1,2,3,4\n", encoding="utf-8")
    asked, known = (tmp_path / "poor.csv", files[1]) if side == "asked" else (files[0], tmp_path / "poor.csv")
    with pytest.raises(LinkageError) as error:
        check_files([asked], [known], tmp_path / "out", ONE)
    assert (error.value.code, error.value.field) == ("column_absent", column)


def test_a_file_that_cannot_be_read_is_refused_without_its_values(files: tuple[Path, Path], tmp_path: Path) -> None:
    broken = tmp_path / "asked.csv"
    broken.write_text('record,number,full_name,birth_date,sex\n1,"001184000017,Hạnh,1984,female\n')
    with pytest.raises(LinkageError) as refused:
        check_files([broken], [files[1]], tmp_path / "out")
    assert refused.value.code == "file_unreadable"
    assert "Hạnh" not in refused.value.vi
