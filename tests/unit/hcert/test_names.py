"""Names: as written, and with A-Z for machines (ICAO Doc 9303 part 3 section 6)."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiemchung.hcert.names import (
    MAX_INPUT,
    CertificateName,
    NameUnusable,
    certificate_name,
    cut_name,
    transliterate,
    vietnamese_name,
)

VIETNAMESE_LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"


@pytest.mark.parametrize(
    ("written", "machine"),
    [
        ("Đỗ", "DO"),
        ("Ðỗ", "DO"),  # Ð is U+00D0 here: some keyboards type eth for Đ
        ("đỗ", "DO"),
        ("Đặng Thị Phương", "DANG<THI<PHUONG"),
        ("Nguyễn Bảo Duy", "NGUYEN<BAO<DUY"),
        ("Trương Mỹ Ước", "TRUONG<MY<UOC"),
        ("Huỳnh Như Ý", "HUYNH<NHU<Y"),
        ("H'Hen Niê", "HHEN<NIE"),
        ("Lê  Thị\tHồng-Gấm ", "LE<THI<HONG<GAM"),
    ],
)
def test_vietnamese_names_keep_every_letter(written: str, machine: str) -> None:
    assert transliterate(written) == machine


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_unicode_form_of_the_input_does_not_matter(form: str) -> None:
    assert transliterate(unicodedata.normalize(form, "Đặng Thị Phượng")) == "DANG<THI<PHUONG"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "machine"),
    [
        ("Müller-Lüdenscheidt", "MUELLER<LUEDENSCHEIDT"),
        ("Straße", "STRASSE"),
        ("Ångström", "AANGSTROEM"),
        ("Łukasz", "LUKASZ"),
        ("Søren Kjær", "SOEREN<KJAER"),
        ("Þór", "THOR"),
        ("Ĳsbrand", "IJSBRAND"),
        ("Işık İnönü", "ISIK<INOENUE"),
        ("Muñoz", "MUNOZ"),
        ("d'Červenková Panklová", "DCERVENKOVA<PANKLOVA"),
        ("O\u2019Neil, J. R.", "ONEIL<J<R"),
        ("Щеглова Юлия", "SHCHEGLOVA<IULIIA"),
        ("Ольга", "OLGA"),
    ],
)
def test_other_latin_and_cyrillic_letters_follow_the_icao_table(written: str, machine: str) -> None:
    assert transliterate(written) == machine


@pytest.mark.parametrize(
    ("language", "written", "machine"),
    [
        (None, "Гоголь", "GOGOL"),
        ("uk", "Гоголь", "HOHOL"),
        ("be", "Ігар", "IHAR"),
        ("sr", "Ћирић", "CIRIC"),
        ("bg", "Щерев", "SHTEREV"),
    ],
)
def test_language_chooses_the_exceptions_for_cyrillic(language: str | None, written: str, machine: str) -> None:
    assert transliterate(written, language=language) == machine


@pytest.mark.parametrize("letter", ["王", "Ω", "م", "😀", "\ud800", "5", "٣"])
def test_letter_without_a_rule_is_refused_and_not_dropped(letter: str) -> None:
    with pytest.raises(NameUnusable) as refused:
        certificate_name("Nguyễn", f"Văn {letter}")
    assert refused.value.field == "gn"
    assert repr(letter) in refused.value.en
    assert repr(letter) in refused.value.vi


def test_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NameUnusable, match="choose one of be, bg, mk, sr, uk"):
        transliterate("Гоголь", language="xx")


def test_family_name_is_the_first_word_and_the_rest_is_given() -> None:
    assert vietnamese_name("  Nguyễn Bảo Duy ") == CertificateName("Nguyễn", "NGUYEN", "Bảo Duy", "BAO<DUY")


def test_compound_family_name_is_asked_for() -> None:
    assert vietnamese_name("Tôn Nữ Thị Ninh", surname_words=2).fnt == "TON<NU"


def test_family_name_of_no_words_is_refused() -> None:
    with pytest.raises(NameUnusable, match="surname_words"):
        vietnamese_name("Nguyễn Bảo Duy", surname_words=0)


def test_single_name_has_no_given_name() -> None:
    assert vietnamese_name("Mèo").as_claims() == {"fn": "Mèo", "fnt": "MEO"}


def test_decomposed_text_is_composed() -> None:
    assert certificate_name(unicodedata.normalize("NFD", "Nguyễn")).fn == "Nguyễn"


@pytest.mark.parametrize("nothing", ["", "   ", "'", "-", "\u0301"])
def test_name_without_letters_is_refused(nothing: str) -> None:
    with pytest.raises(NameUnusable):
        certificate_name(nothing)


def test_text_too_long_to_be_a_name_is_refused() -> None:
    with pytest.raises(NameUnusable):
        certificate_name("a" * (MAX_INPUT + 1))


def test_long_name_loses_whole_words_from_its_end_and_says_so() -> None:
    name = certificate_name("Đỗ", " ".join(["Phương"] * 20))
    assert name.gn == " ".join(["Phương"] * 11)
    assert name.gnt == "<".join(["PHUONG"] * 11)
    assert name.cut == ("gn", "gnt")


def test_machine_form_is_cut_by_itself_where_letters_become_two() -> None:
    name = certificate_name(" ".join(["Müller"] * 11))
    assert len(name.fn) == 76
    assert name.fnt == "<".join(["MUELLER"] * 10)
    assert name.cut == ("fnt",)


@pytest.mark.parametrize(
    ("name", "limit", "cut"),
    [
        ("ab cd", 5, "ab cd"),
        ("ab cd", 4, "ab"),
        ("ab cd", 2, "ab"),
        ("abcd ef", 3, "abc"),
        ("ab cd ef", 5, "ab cd"),
    ],
)
def test_cut_drops_whole_words_but_cuts_a_long_first_one(name: str, limit: int, cut: str) -> None:
    assert cut_name(name, " ", limit) == cut


@settings(deadline=None)
@given(st.text(alphabet=VIETNAMESE_LETTERS + VIETNAMESE_LETTERS.upper(), min_size=1, max_size=60))
def test_every_vietnamese_letter_becomes_one_letter(word: str) -> None:
    assert len(transliterate(word)) == len(word)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_becomes_capitals_and_fillers_or_is_refused(text: str) -> None:
    try:
        name = certificate_name(text)
    except NameUnusable:
        name = CertificateName("refused", "REFUSED")
    assert re.fullmatch("[A-Z<]{1,80}", name.fnt)
    assert len(name.fn) <= 80
