"""The test suite of CertLogic (specification 1.3.3), and that of its validator."""

import json
from collections.abc import Iterator
from typing import Any

from tests.shared import shared
from tiemchung.hcert.certlogic import CertLogicError, evaluate, issues


def _suites(folder: str) -> list[Any]:
    return [
        json.loads(path.read_text("utf-8"))
        for path in sorted(shared(f"testdata/dcc/certlogic/{folder}").glob("*.json"))
    ]


def _assertions(*, skipped: bool) -> Iterator[tuple[str, Any, Any]]:
    """Give name, expression and assertion of those that the suite marks skip, or of those that it does not."""
    for suite in _suites("testSuite"):
        for case in suite["cases"]:
            for assertion in case["assertions"]:
                marks = [level.get("directive") for level in (suite, case, assertion)]
                expression = assertion.get("certLogicExpression", case.get("certLogicExpression"))
                if ("skip" in marks) is skipped:
                    yield f"{suite['name']}: {case['name']}", expression, assertion


def _differs(expression: Any, assertion: Any) -> bool:
    value = evaluate(expression, assertion["data"])
    return type(value) is not type(assertion["expected"]) or value != assertion["expected"]


def test_every_assertion_that_is_not_marked_skip_holds() -> None:
    assertions = list(_assertions(skipped=False))
    assert [name for name, expression, assertion in assertions if _differs(expression, assertion)] == []
    assert len(assertions) >= 218


def test_assertions_marked_skip_end_in_a_value_or_in_the_languages_own_error() -> None:
    ends = []
    for _, expression, assertion in _assertions(skipped=True):
        try:
            ends.append(_differs(expression, assertion))
        except CertLogicError as error:
            ends.append(bool(error.vi))
    assert len(ends) == 14


def test_validator_finds_the_issues_of_the_validation_suite() -> None:
    cases = [case for suite in _suites("validation-testSuite") for case in suite["cases"]]
    for case in cases:
        found = [{"expr": one.expression, "message": one.message} for one in issues(case["certLogicExpression"])]
        assert found == case["issues"]
    assert len(cases) == 23
