"""The QR code of the chip ID card, and the ways in which scanners spoil it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vietnam.refusals import outcome
from tiemchung.vietnam.card_qr import MAX_SCAN_LENGTH, CardQr
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import Cure, InputError
from tiemchung.vietnam.mojibake import repair_mojibake
from tiemchung.vietnam.sex import Sex

ADDRESS = "12 Lê Lợi, Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh"
CARD = f"079184001234|271234567|Nguyễn Thị Minh Hạnh|05081984|Nữ|{ADDRESS}|15042021"


def card(**fields: str) -> str:
    """A card's text with some of its fields replaced."""
    names = ("number", "old", "name", "born", "sex", "address", "issued")
    return "|".join(fields.get(name, text) for name, text in zip(names, CARD.split("|"), strict=True))


def refused(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        CardQr.parse(text)
    return caught.value


def misread(text: str, code_page: str) -> str:
    """UTF-8 bytes read one by one as a code page; undefined bytes come through as they are."""
    return "".join(bytes([byte]).decode(code_page, "ignore") or chr(byte) for byte in text.encode())


def test_card_gives_its_fields() -> None:
    found = CardQr.parse(CARD)
    assert found.number.text == "079184001234"
    assert found.old_number is not None
    assert found.old_number.text == "271234567"
    assert found.name.as_written == "Nguyễn Thị Minh Hạnh"
    assert (found.birth_date, found.sex) == (PartialDate(1984, 8, 5), Sex.FEMALE)
    assert (found.address, found.issued_on) == (ADDRESS, PartialDate(2021, 4, 15))
    assert (found.more, found.repaired) == ((), False)


@pytest.mark.parametrize("name", ["Anh Thị Thu Hà", "Bé Văn Ba"])
def test_name_on_a_card_is_a_name_even_if_it_begins_like_a_title(name: str) -> None:
    assert CardQr.parse(card(name=name)).name.as_written == name


def test_card_without_an_old_number() -> None:
    assert CardQr.parse(card(old="")).old_number is None


def test_card_keeps_an_old_number_it_cannot_read() -> None:
    found = CardQr.parse(card(old="27-12"))
    assert (found.old_number, found.old_number_text) == (None, "27-12")


def test_card_of_2024_keeps_the_fields_it_adds() -> None:
    assert CardQr.parse(CARD + "||Nguyễn Văn Ba|Lê Thị Tư|").more == ("", "Nguyễn Văn Ba", "Lê Thị Tư", "")


def test_card_of_someone_whose_birth_day_is_unknown() -> None:
    assert CardQr.parse(card(born="00001940")).birth_date == PartialDate(1940)


def test_card_without_date_of_issue() -> None:
    assert CardQr.parse(card(issued="")).issued_on is None


def test_line_end_of_a_keyboard_scanner_is_dropped() -> None:
    assert CardQr.parse(CARD + "\r\n") == CardQr.parse(CARD)


@pytest.mark.parametrize("code_page", ["latin-1", "cp1252", "cp1258"])
def test_letters_read_in_a_wrong_code_page_are_put_right(code_page: str) -> None:
    found = CardQr.parse(misread(CARD, code_page))
    assert (found.name.as_written, found.address) == ("Nguyễn Thị Minh Hạnh", ADDRESS)
    assert found.repaired


def test_letters_misread_twice_are_put_right() -> None:
    assert CardQr.parse(misread(misread(CARD, "latin-1"), "latin-1")).address == ADDRESS


def test_no_break_spaces_that_a_clipboard_made_plain_are_put_right() -> None:
    found = CardQr.parse(misread(card(name="Lê Hà Vạn"), "latin-1").replace("\xa0", " "))
    assert found.name.as_written == "Lê Hà Vạn"


@pytest.mark.parametrize(
    "text",
    [
        card(name="Nguyeenx Thij Minh Hanhj", sex="Nuwx", address="12 Lee Lowij, Quaanj 1"),
        card(name="Tran Van Anh", address="Xax Sown Taay, Huyeenj Ba Vif"),
        card(name="Nguye64n Thi5 Minh Ha5nh"),
    ],
)
def test_scanner_behind_a_vietnamese_typing_tool_is_told_apart(text: str) -> None:
    error = refused(text)
    assert (error.code, error.cure) == ("card_qr_keyboard", Cure.SWITCH_KEYBOARD)


@pytest.mark.parametrize("name", ["Nguy?n Th? Minh H?nh", "Nguy\ufffdn", "Nguyá»…n Th?", "Trn Vn Hng"])
def test_letters_that_are_lost_for_good_are_said_to_be_lost(name: str) -> None:
    assert refused(card(name=name, address="Ha Noi")).code == "card_qr_garbled"


def test_plain_name_with_an_accented_address_is_no_typing_tools_work() -> None:
    assert CardQr.parse(card(name="Cao Minh Quang")).name.as_written == "Cao Minh Quang"


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ("079184001234|271234567|Nguyễn", "card_qr_fields", "card_qr"),
        ("", "card_qr_fields", "card_qr"),
        (card(number="003184001234"), "identity_province", "identity_number.province"),
        (card(born="31021984"), "date_day", "birth_date"),
        (card(issued="31022021"), "date_day", "issued_on"),
        (card(name=""), "name_empty", "full_name"),
        (card(sex="N?"), "card_qr_sex", "sex"),
        ("|" * (MAX_SCAN_LENGTH + 1), "card_qr_too_long", "card_qr"),
    ],
)
def test_card_that_cannot_be_read_names_the_field(text: str, code: str, field: str) -> None:
    error = refused(text)
    assert (error.code, error.field) == (code, field)


def test_card_shows_no_number_in_logs() -> None:
    shown = repr(CardQr.parse(CARD))
    assert "07918400" not in shown
    assert "271234567" not in shown


@pytest.mark.parametrize("text", ["MÃ LAI", "Ã ", "NGÃ BA À", "Hà Nội", "Guðrún"])
def test_right_text_that_resembles_a_misreading_stands(text: str) -> None:
    assert repair_mojibake(text) == text


@given(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyẠạÀàÁáẢảÃãẾếỄễỢợỮữ ,.19", max_size=60))
def test_right_vietnamese_text_is_never_repaired(text: str) -> None:
    assert repair_mojibake(text) == text


@given(st.text("aăâđêôơưỄễỢợỮữẠạ ", min_size=1, max_size=40), st.sampled_from(["latin-1", "cp1252"]))
def test_misread_vietnamese_text_is_put_right(text: str, code_page: str) -> None:
    assert repair_mojibake(misread(text, code_page)) == text


@given(st.one_of(st.text(max_size=200), st.lists(st.text(max_size=20), min_size=5, max_size=9).map("|".join)))
def test_any_text_is_a_card_or_a_typed_refusal(text: str) -> None:
    found, refusal = outcome(CardQr.parse, text)
    assert found.number.is_personal_number if refusal is None else refusal.vi and refusal.en
