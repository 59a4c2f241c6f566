"""Names: one name under all its writings, split, sorted, and refused when it is none."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.vietnam.refusals import outcome
from tiemchung.vietnam.errors import Cure, InputError
from tiemchung.vietnam.name_tokens import words_lacking_diacritics
from tiemchung.vietnam.names import (
    MAX_NAME_LENGTH,
    NameMatch,
    NameParts,
    NormalisedName,
    clean,
    compare_names,
    fold,
    match_key,
    search_tokens,
    sort_key,
    split_name,
    written_key,
)

VIETNAMESE_LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
WORDS = st.text(VIETNAMESE_LETTERS + VIETNAMESE_LETTERS.upper(), min_size=1, max_size=7)
NAMES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


def refused(text: str) -> InputError:
    with pytest.raises(InputError) as caught:
        NormalisedName.parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Nguyễn Thị Minh Hạnh", "NGUYEN THI MINH HANH"),
        ("Đặng Đình Đức", "DANG DINH DUC"),
        ("Ðặng ðình Ɖức", "DANG DINH DUC"),
        ("  Lê\u00a0\tVăn  An ", "LE VAN AN"),
        ("H’Hen Niê", "HHEN NIE"),
        ("Nguyễn-Phúc Ưng.Lịch", "NGUYEN PHUC UNG LICH"),
        ("Müller Søren Łukasz Strauß", "MULLER SOREN LUKASZ STRAUSS"),
        ("Ｌê Ｖăn", "LE VAN"),
        ("Trần\u200b Hưng Đạo\ufeff", "TRAN HUNG DAO"),
        ("李小龙", "李小龙"),
        ("", ""),
        ("--", ""),
    ],
)
def test_fold_gives_capitals_without_diacritics(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Thị Hòa", "Nguyễn Thị Hoà"),
        ("Lê Thúy", "Lê Thuý"),
        ("Trần Khỏe", "Trần Khoẻ"),
        ("Lê Hoàn", "Lê Hòan"),
        ("Đỗ Đạt", "Ðỗ Ðạt"),
        ("NGUYỄN VĂN AN", "nguyễn văn an"),
        ("Lê  Văn\u00a0An", " Lê Văn An"),
        ("Lê V\u200băn An", "Lê Văn An"),
        (unicodedata.normalize("NFD", "Nguyễn Thị Ượng"), unicodedata.normalize("NFC", "Nguyễn Thị Ượng")),
    ],
)
def test_one_spelling_however_encoded_cased_spaced_and_toned(one: str, other: str) -> None:
    assert written_key(one) == written_key(other)
    assert compare_names(one, other) is NameMatch.SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [("Lý", "Lí"), ("Mỹ", "Mĩ"), ("Kỳ", "Kì"), ("Sỹ", "Sĩ"), ("Quý", "Quí"), ("Vy", "Vi"), ("Quỳnh", "Quình")],
)
def test_y_and_i_are_variants_of_one_name(one: str, other: str) -> None:
    assert compare_names(f"Trần {one} An", f"Trần {other} An") is NameMatch.SPELLING_VARIANT


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        ("Trần Bảo", "Trần Bao", NameMatch.ACCENTS_DIFFER),
        ("Đào Anh", "Dao Anh", NameMatch.ACCENTS_DIFFER),
        ("Thuý", "Thúi", NameMatch.DIFFERENT),
        ("Hoàng An", "Huỳnh An", NameMatch.DIFFERENT),
        ("Vũ An", "Võ An", NameMatch.DIFFERENT),
        ("Trần Bảo", "Trần Bửu", NameMatch.DIFFERENT),
    ],
)
def test_other_names_stay_apart(one: str, other: str, match: NameMatch) -> None:
    assert compare_names(one, other) is match


def test_search_tokens_are_the_folded_words_once_each() -> None:
    assert search_tokens("Lê Thị Lệ Hằng") == ("LE", "THI", "HANG")


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Nguyễn Thị Minh Hạnh", NameParts("Nguyễn", "Thị Minh", "Hạnh")),
        ("Lê An", NameParts("Lê", "", "An")),
        ("Hạnh", NameParts("", "", "Hạnh")),
        ("Tôn Thất Bách", NameParts("Tôn Thất", "", "Bách")),
        ("Tôn Thất", NameParts("Tôn", "", "Thất")),
        ("Công Tằng Tôn Nữ Thị Hạnh", NameParts("Công Tằng Tôn Nữ", "Thị", "Hạnh")),
        ("H'Hen Niê", NameParts("Niê", "", "H'Hen")),
        ("Y Moan Ênuôl", NameParts("Ênuôl", "", "Y Moan")),
        ("Giàng A Páo", NameParts("Giàng", "A", "Páo")),
        ("Hồ Văn Y", NameParts("Hồ", "Văn", "Y")),
        ("", NameParts("", "", "")),
    ],
)
def test_name_splits_into_family_middle_and_given(written: str, parts: NameParts) -> None:
    assert split_name(written) == parts


def test_names_sort_by_given_then_family_then_middle() -> None:
    ordered = ["Lê An", "Nguyễn An", "Nguyễn Thị An", "Trần Văn Ân", "Lê Bình", "Đặng Dung", "Cao Đạt", "Lê Vy"]
    keys = [sort_key(name) for name in ordered]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize(
    "ordered",
    [
        ["ma", "mà", "mả", "mã", "má", "mạ", "man", "mán", "măn", "mân"],
        ["da", "đa", "e", "ê", "fa", "ga"],
        ["o", "ôn", "ơn", "pa", "u", "ưng", "va", "wa", "xa", "ya", "za", "李"],
        ["hoa", "hòa", "hóa", "hoan"],
    ],
)
def test_letters_and_tones_stand_in_vietnamese_order(ordered: list[str]) -> None:
    keys = [sort_key(name) for name in ordered]
    assert keys == sorted(set(keys))


def test_tone_of_a_syllable_weighs_more_than_the_next_syllable() -> None:
    ordered = ["Lê Ma Văn An", "Lê Mà Anh An"]
    keys = [sort_key(name) for name in ordered]
    assert keys == sorted(set(keys))


def test_sort_key_orders_as_bytes_and_as_text_alike() -> None:
    names = ["Lê An", "Lê Ân", "Đỗ Ăn", "Trần Ỷ", "Nguyễn Đức", "Ng Dức"]
    assert sorted(names, key=sort_key) == sorted(names, key=lambda name: sort_key(name).encode())
    assert all(sort_key(name).isascii() for name in names)


def test_accepted_name_keeps_what_was_written_to_the_last_code_point() -> None:
    written = "  Ðặng\u200b  thị\u00a0LÝ "
    name = NormalisedName.parse(written)
    assert name.as_written == written
    assert name.display == "Đặng thị LÝ"
    assert (name.fold, name.search_tokens) == ("DANG THI LY", ("DANG", "THI", "LY"))
    assert name.match_key == NormalisedName.parse("Đặng Thị Lí").match_key
    assert name.parts == NameParts("Đặng", "thị", "LÝ")
    assert name.sort_key == sort_key("Đặng Thị Lý")


def test_eth_inside_a_word_is_left_to_its_language() -> None:
    assert clean("Guðrún Ðức") == "Guðrún Đức"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "name_empty"),
        (" \u200b ", "name_empty"),
        ("...", "name_empty"),
        ("Nguye64n Va8n An", "name_digits"),
        ("Lê Văn An 2", "name_digits"),
        ("Lê Văn An (Tèo)", "name_symbol"),
        ("Lê;DROP", "name_symbol"),
        ("Lê\x00An", "name_symbol"),
        ("Lê \ud800An", "name_symbol"),
        ("Lê 😀", "name_symbol"),
        ("Bà Nguyễn Thị Sáu", "name_title"),
        ("Cô Hạnh Trần", "name_title"),
        ("BS. Lê Văn An", "name_title"),
        ("Anh Lê Văn An", "name_title"),
        ("A" * (MAX_NAME_LENGTH + 1), "name_too_long"),
    ],
)
def test_what_is_no_name_is_refused_with_its_reason(written: str, code: str) -> None:
    error = refused(written)
    assert (error.code, error.field) == (code, "full_name")


@pytest.mark.parametrize(
    "written",
    ["Ông Ích Khiêm", "Anh Thư", "Hạnh", "Bế Văn Đàn", "Chu Văn An", "H'Hen Niê", "Jean-Luc O’Neill Jr.", "A" * 250],
)
def test_names_that_look_odd_are_taken(written: str) -> None:
    assert NormalisedName.parse(written).as_written == written


def test_refusals_say_what_to_do_in_both_languages() -> None:
    error = refused("Bà Nguyễn Thị Sáu")
    assert error.vi == "Bỏ chữ «Bà» ở đầu, chỉ ghi họ tên."
    assert error.en == "Leave out «Bà» and write only the name."
    assert refused("Nguye64n").cure is Cure.SWITCH_KEYBOARD


def test_refusal_carries_the_callers_field() -> None:
    with pytest.raises(InputError) as caught:
        NormalisedName.parse("", field="guardian_name")
    assert caught.value.field == "guardian_name"


@pytest.mark.parametrize(
    ("written", "lacking"),
    [
        ("Nguyen Thi Hanh", ("Nguyen", "Thi", "Hanh")),
        ("Nguyễn Thi Hạnh", ("Thi",)),
        ("Cao Minh Quang", ()),
        ("Nguyễn Thị Hạnh", ()),
        ("Trần Anh Thi", ()),
        ("John Smith", ()),
        ("", ()),
    ],
)
def test_words_typed_without_their_diacritics_are_found(written: str, lacking: tuple[str, ...]) -> None:
    assert words_lacking_diacritics(written) == lacking


@given(st.text())
def test_fold_is_idempotent_on_any_text(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.one_of(st.text(), NAMES))
def test_composed_and_decomposed_text_give_the_same_forms(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    for form in (clean, fold, written_key, match_key, sort_key, split_name):
        assert form(composed) == form(decomposed)


@given(NAMES)
def test_vietnamese_names_fold_to_ascii_capitals_word_by_word(name: str) -> None:
    folded = fold(name)
    assert folded.isascii()
    assert folded == folded.upper()
    assert len(folded.split()) == len(name.split())


@given(NAMES)
def test_case_changes_no_key(name: str) -> None:
    for form in (fold, written_key, match_key, sort_key):
        assert form(name.upper()) == form(name.lower())


@given(NAMES, NAMES)
def test_agreement_is_mutual_and_ordered(one: str, other: str) -> None:
    assert compare_names(one, other) is compare_names(other, one)
    if written_key(one) == written_key(other):
        assert match_key(one) == match_key(other)


@given(NAMES)
def test_parts_of_a_name_hold_all_its_words(name: str) -> None:
    parts = split_name(name)
    words = f"{parts.family} {parts.middle} {parts.given}".split()
    assert sorted(words) == sorted(clean(name).split())


@given(st.text(max_size=300))
def test_any_text_is_a_name_or_a_typed_refusal(text: str) -> None:
    name, refusal = outcome(NormalisedName.parse, text)
    if refusal is None:
        assert name.as_written == text
        assert name.fold
    else:
        assert refusal.code.startswith("name_")
