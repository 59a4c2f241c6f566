"""What may not be done is said with field, reason and cure in two languages."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tiemchung.ground.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    RefusedError,
    TooManyError,
    http_status,
)


@dataclass
class SaidByLibrary:
    code: str = "digits"
    field: str = "number"
    vi: str = "Mới có 10 số, cần đủ 12."
    en: str = "Only 10 digits; 12 are needed."


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (RefusedError, 400),
        (NotAllowedError, 403),
        (NotFoundError, 404),
        (ConflictError, 409),
        (InvalidInputError, 422),
        (TooManyError, 429),
    ],
)
def test_each_kind_of_error_has_its_http_status(kind: type[RefusedError], status: int) -> None:
    assert http_status(kind("code", vi="Không.", en="No.")) == status


def test_an_error_answers_with_code_field_and_both_languages() -> None:
    error = InvalidInputError("digits", field="number", vi="Thiếu số.", en="Too short.")
    assert error.as_json() == {"code": "digits", "field": "number", "vi": "Thiếu số.", "en": "Too short."}


def test_what_a_library_said_is_passed_on_under_the_field_as_it_is_called_here() -> None:
    error = InvalidInputError.of(SaidByLibrary(), field="identity_number")
    assert isinstance(error, InvalidInputError)
    assert (error.code, error.field) == ("digits", "identity_number")
    assert InvalidInputError.of(SaidByLibrary()).field == "number"


def test_who_asked_too_often_is_told_how_long_to_wait_in_whole_seconds() -> None:
    assert TooManyError("many", vi="Nhiều.", en="Many.", wait=timedelta(milliseconds=1)).retry_after == 1
    assert TooManyError("many", vi="Nhiều.", en="Many.", wait=timedelta(seconds=89.5)).retry_after == 90
