"""The rules of Austria, Switzerland, Germany and the EU, with the tests that they published."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.shared import shared
from tiemchung.hcert.certlogic import evaluate, issues
from tiemchung.hcert.rules import Outcome, evaluate_rule, publication_problems, read_rule

PUBLISHED = {"AT": (16, 101), "CH": (20, 114), "DE": (11, 68), "EU": (14, 101)}
"""Country → rules, tests."""


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _rules(country: str) -> list[Path]:
    return sorted(shared(f"testdata/dcc/certlogic/rules/{country}").glob("*/rule.json"))


def _countries() -> list[str]:
    """Every country that the material holds: more may be put beside those that came with it."""
    folder = shared("testdata/dcc/certlogic/rules")
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def test_every_published_test_of_every_country_agrees() -> None:
    for country in _countries():
        rules = _rules(country)
        tests = [(path, test) for path in rules for test in sorted((path.parent / "tests").glob("*.json"))]
        disagreeing = [f"{path.parent.name}/{test.name}" for path, test in tests if not _agrees(path, _json(test))]
        assert disagreeing == []
        assert (len(rules), len(tests)) == PUBLISHED.get(country, (len(rules), len(tests)))


def _agrees(rule: Path, test: Any) -> bool:
    """The bare expression and the rule as a whole must both answer as published."""
    source = _json(rule)
    bare = evaluate(source["Logic"], {"payload": test.get("payload"), "external": test["external"]})
    result = evaluate_rule(read_rule(source), test.get("payload"), test["external"])
    expected = Outcome.PASSED if test["expected"] else Outcome.FAILED
    return bare is test["expected"] and result.outcome is expected and result.rule.identifier in result.vi


@pytest.mark.parametrize("country", PUBLISHED)
def test_published_rules_could_be_published_again(country: str) -> None:
    for path in _rules(country):
        rule = read_rule(_json(path))
        now = rule.valid_from - timedelta(days=3)
        assert issues(rule.logic) == []
        assert publication_problems(rule, published=[], now=now) == ()
