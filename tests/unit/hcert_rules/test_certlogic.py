"""CertLogic: what the published test suite leaves open, and what misuse ends in."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiemchung.hcert.certlogic import MAX_DEPTH, MAX_STEPS, CertLogicError, evaluate, issues

NOON = {"plusTime": ["2021-06-23T12:00:00Z", 0, "hour"]}


@pytest.mark.parametrize(
    ("expression", "operation"),
    [
        ({}, "expression"),
        ({"var": "a", "if": []}, "expression"),
        (None, "expression"),
        (3.14, "expression"),
        (2**53, "expression"),
        ({"or": [True, False]}, "'or'"),
        ({"==": [1, 1]}, "'=='"),
        ({"var": 0}, "var"),
        ({"var": ["a", "default"]}, "var"),
        ({"if": [True, 1]}, "if"),
        ({"if": [NOON, 1, 2]}, "if"),
        ({"and": [True]}, "and"),
        ({"and": [True, NOON]}, "and"),
        ({"!": True}, "!"),
        ({"!": [True, True]}, "!"),
        ({"===": [1]}, "==="),
        ({"===": [[], []]}, "==="),
        ({"===": [NOON, NOON]}, "==="),
        ({"in": [1, 1]}, "in"),
        ({"in": ["a", "abc"]}, "in"),
        ({"+": [1, "1"]}, "+"),
        ({"+": [1, 2, 3]}, "+"),
        ({"+": [2**53 - 1, 1]}, "+"),
        ({">": [1, True]}, ">"),
        ({">": ["2", "1"]}, ">"),
        ({"<": [1, 2, 3, 4]}, "<"),
        ({"after": ["2021-06-23", NOON]}, "after"),
        ({"before": [NOON]}, "before"),
        ({"plusTime": [1, 0, "day"]}, "plusTime"),
        ({"plusTime": [NOON, 0, "day"]}, "plusTime"),
        ({"plusTime": ["2021-06-23", "0", "day"]}, "plusTime"),
        ({"plusTime": ["2021-06-23", {"+": [1, 1]}, "day"]}, "plusTime"),
        ({"plusTime": ["2021-06-23", 0, "days"]}, "plusTime"),
        ({"plusTime": ["2021-06-23", 0, ["day"]]}, "plusTime"),
        ({"reduce": [1, 1, 1]}, "reduce"),
        ({"extractFromUVCI": [1, 1]}, "extractFromUVCI"),
        ({"extractFromUVCI": ["a", "1"]}, "extractFromUVCI"),
        ({"dccDateOfBirth": [2004]}, "dccDateOfBirth"),
    ],
)
def test_misuse_is_refused_and_the_operation_named(expression: Any, operation: str) -> None:
    with pytest.raises(CertLogicError) as refused:
        evaluate(expression, {})
    assert refused.value.field == operation
    assert refused.value.vi


@pytest.mark.parametrize(
    ("data", "truthy"),
    [(2.0, True), (0.0, False), (True, True), ({"a": None}, True), ([None], True), ("0", True), (-1, True)],
)
def test_numbers_without_a_fraction_count_as_integers(data: Any, truthy: bool) -> None:
    assert evaluate({"!": [{"var": ""}]}, data) is not truthy


def test_a_fraction_is_neither_true_nor_false() -> None:
    with pytest.raises(CertLogicError, match="neither"):
        evaluate({"!": [{"var": ""}]}, 0.5)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(1, True, False), (0, False, False), (1, 1.0, True), (None, None, True), (None, False, False), ("1", 1, False)],
)
def test_equality_coerces_nothing(one: Any, other: Any, same: bool) -> None:
    assert evaluate({"===": [{"var": "one"}, {"var": "other"}]}, {"one": one, "other": other}) is same
    assert evaluate({"in": [{"var": "one"}, [{"var": "other"}]]}, {"one": one, "other": other}) is same


@pytest.mark.parametrize("path", ["a.b", "a.0", "list.-1", "list.9", "list.length", "list.1e0", "x..y", ".", "list.٠"])
def test_paths_that_lead_nowhere_give_null(path: str) -> None:
    assert evaluate({"var": path}, {"a": "text", "list": [1, 2], "x": {"y": 1}}) is None


def test_paths_at_which_nothing_was_found_are_noted() -> None:
    missing: list[str] = []
    evaluate([{"var": "a"}, {"var": "b.c"}], {"a": 1}, missing=missing)
    assert missing == ["b.c"]


def test_an_object_may_have_digits_for_a_name() -> None:
    assert evaluate({"var": "0.1"}, {"0": {"1": "here"}}) == "here"


def test_time_comparisons_take_three_operands() -> None:
    days = [{"plusTime": ["2021-06-23", days, "day"]} for days in (0, 1, 1)]
    assert evaluate({"not-after": days}, None) is True
    assert evaluate({"before": days}, None) is False


def test_fold_may_make_arrays() -> None:
    expression = {"reduce": [{"var": ""}, [{"var": "accumulator.0"}, {"var": "current"}], ["first"]]}
    assert evaluate(expression, [1, 2, 3]) == ["first", 3]


def _nested(levels: int) -> Any:
    expression: Any = True
    for _ in range(levels):
        expression = {"!": [expression]}
    return expression


def test_expressions_nested_as_deep_as_allowed_are_evaluated() -> None:
    assert evaluate(_nested(MAX_DEPTH), None) is True


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 5_000])
def test_deeper_nesting_ends_in_the_languages_own_error(levels: int) -> None:
    with pytest.raises(CertLogicError, match="nested deeper"):
        evaluate(_nested(levels), None)
    assert issues(_nested(levels))[-1].message.startswith("nested deeper")


@pytest.mark.parametrize(
    "expression",
    [
        {"reduce": [[0] * 300, {"reduce": [[0] * 300, 0, 0]}, 0]},
        {"and": [True] * (MAX_STEPS + 1)},
        {"reduce": [[0] * 3000, {"in": [0, {"var": "current"}]}, 0]},
    ],
    ids=["fold in fold", "long and", "long fold"],
)
def test_work_without_end_ends_in_the_languages_own_error(expression: Any) -> None:
    with pytest.raises(CertLogicError):
        evaluate(expression, None)


def test_looking_through_long_arrays_is_work_too() -> None:
    expression = {"reduce": [{"var": ""}, {"in": ["x", {"var": "current"}]}, False]}
    with pytest.raises(CertLogicError, match="was stopped"):
        evaluate(expression, [["a"] * 20_000] * 200)


@pytest.mark.parametrize(
    ("expression", "messages"),
    [
        ({"if": [1, 2]}, ['"if" takes 3 operands, but has 2']),
        ({"and": []}, ['"and" takes 2 or more operands, but has 0']),
        ({"plusTime": [{"var": "a..b"}, "1", "week"]}, [
            'argument #2 of "plusTime" must be an integer',
            'argument #3 of "plusTime" must be one of: year, month, day, hour',
            "data access path doesn't have a valid format: a..b",
        ]),
        ([True, {"extractFromUVCI": ["a", None]}], [
            'argument #2 of "extractFromUVCI" must be an integer', "invalid CertLogic expression",
        ]),
    ],
)  # fmt: skip
def test_all_issues_of_an_expression_are_told(expression: Any, messages: list[str]) -> None:
    assert [one.message for one in issues(expression)] == messages
    assert all(one.vi for one in issues(expression))


NAMES = ["var", "if", "and", "!", "===", "in", "+", ">", "<=", "after", "not-before", "plusTime", "reduce"]
NAMES += ["extractFromUVCI", "dccDateOfBirth", "or"]
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(["day", "2021-06"])
)
JSON = st.recursive(
    SCALARS, lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(max_size=3), one, max_size=3)
)
EXPRESSIONS = st.recursive(
    SCALARS | st.builds(lambda path: {"var": path}, st.sampled_from(["", "a", "a.0", "current", "accumulator"])),
    lambda one: (
        st.lists(one, max_size=3)
        | st.builds(lambda name, operands: {name: operands}, st.sampled_from(NAMES), st.lists(one, max_size=4))
    ),
)


@settings(deadline=None)
@given(expression=EXPRESSIONS | JSON, data=JSON)
def test_nothing_but_the_languages_own_error_is_raised(expression: Any, data: Any) -> None:
    try:
        evaluate(expression, data)
        ended = "value"
    except CertLogicError:
        ended = "error"
    assert ended in ("value", "error")


@settings(deadline=None)
@given(EXPRESSIONS | JSON)
def test_looking_an_expression_over_never_raises(expression: Any) -> None:
    assert all(one.message and one.vi for one in issues(expression))
