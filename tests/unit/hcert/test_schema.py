"""The EU schema of every release, against its own examples and against itself over time."""

import json

import pytest

from tests.shared import shared
from tests.unit.hcert.samples import content, dose
from tiemchung.hcert import schema


def examples(folder):
    return sorted(shared(f"testdata/dcc/schema/{folder}").rglob("*.json"))


@pytest.mark.parametrize("folder", ["test/valid", "examples"])
def test_what_the_schema_calls_valid_has_no_problems(folder):
    files = examples(folder)
    assert len(files) > 10
    for path in files:
        raw = json.loads(path.read_text("utf-8"))
        assert schema.problems(raw) == [], path.name


def test_what_the_schema_calls_invalid_has_problems():
    files = examples("test/invalid")
    assert len(files) > 5
    for path in files:
        assert schema.problems(json.loads(path.read_text("utf-8"))), path.name


@pytest.mark.parametrize(
    ("version", "changes", "fields"),
    [
        ("1.0.0", {"dob": "1990"}, ["dob"]),
        ("1.1.0", {"dob": "1990"}, []),
        ("1.2.1", {"dob": ""}, ["dob"]),
        ("1.3.0", {"dob": ""}, []),
        ("1.2.1", {"nam": {"fnt": "A" * 51}}, ["nam.fnt"]),
        ("1.3.0", {"nam": {"fnt": "A" * 51}}, []),
        ("1.3.1", {"nam": {"gnt": "A"}}, ["nam.fnt"]),
        ("1.3.2", {"nam": {"gnt": "A"}}, []),
        ("1.2.1", {"v": [dose(dn=10)]}, ["v.0.dn"]),
        ("1.3.0", {"v": [dose(dn=10)]}, []),
        ("9.9.9", {"nam": {"gnt": "A"}}, []),
    ],
)
def test_releases_differ_where_they_do(version, changes, fields):
    assert [problem.field for problem in schema.problems(content() | changes, version)] == fields


def test_test_centre_is_required_before_1_3_0():
    entry = dose() | {"tt": "LP6464-4", "sc": "2021-05-01T10:00:00Z", "tr": "260415000"}
    raw = {"ver": "1.2.1", "nam": {"fnt": "DO"}, "dob": "1990-01-01", "t": [entry]}
    assert [problem.field for problem in schema.problems(raw, "1.2.1")] == ["t.0.tc"]
    assert schema.problems(raw, "1.3.0") == []


@pytest.mark.parametrize("raw", [None, 7, "text", [], b"x"])
def test_what_is_no_map_is_a_problem(raw):
    assert len(schema.problems(raw)) == 1


def test_keys_outside_the_schema_count_only_where_it_is_closed():
    raw = content() | {"meta": 1}
    assert schema.problems(raw) == []
    assert [problem.field for problem in schema.problems(raw, closed=True)] == ["meta"]
