"""Pages that follow from the code say what the code says today."""

import pytest

from scripts import error_codes
from scripts.reference import REFERENCE, pages
from tiemchung.ground import errors


@pytest.mark.parametrize("name", ["api.md", "cli.md", "errors.md"])
def test_a_written_page_is_current(name):
    written = {page.name: text for page, text in pages().items()}
    assert (REFERENCE / name).read_text("utf8") == written[name](), "run: python scripts/reference.py"


def test_each_kind_of_error_has_the_status_that_it_is_answered_with():
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.RefusedError)]
    assert {one.__name__: str(errors.HTTP_STATUS[one.kind]) for one in kinds}.items() <= error_codes.KINDS.items()


SAYS = """
FIELD = "lot_number"
def no_lot(lot):
    raise NotFoundError("lot_unknown", field="lot_number", vi="Không có.", en=f"There is no lot {lot}.")
def _worn(code, en):
    return InvalidInputError(code, field=FIELD, vi="", en=en)
def too_long():
    raise _worn("lot_long", "Too long. " + "Write 20 signs or fewer.")
def handed_on(found):
    raise ConflictError(found.code, field=found.field, vi=found.vi, en=found.en)
"""


def test_a_code_is_found_where_it_is_said_and_where_a_function_makes_the_error():
    assert sorted(error_codes.found(SAYS)) == [
        error_codes.Said("lot_long", "422", "lot_number", "Too long. Write 20 signs or fewer."),
        error_codes.Said("lot_unknown", "404", "lot_number", "There is no lot …."),
    ]
