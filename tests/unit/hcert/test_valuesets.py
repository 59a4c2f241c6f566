"""Value sets: what may be issued, what is only read, and which codes belong together."""

from collections.abc import Mapping
from typing import Any

import pytest

from tiemchung.hcert import valuesets
from tiemchung.hcert.reference import ReferenceDataError
from tiemchung.hcert.valuesets import (
    CodeUnusable,
    Product,
    Value,
    ValueSet,
    codes_for_rules,
    gateway_value_set,
    label,
    product,
    products_in_viet_nam,
    vaccination_problems,
    value_sets,
)

ASTRAZENECA = {"tg": "840539006", "vp": "29061000087103", "mp": "EU/1/21/1529", "ma": "ORG-100001699", "co": "VN"}


def test_products_used_in_viet_nam_are_the_eight_of_the_passport_and_four_more() -> None:
    assert {one.mp: one.ma for one in products_in_viet_nam()} == {
        "EU/1/20/1528": "ORG-100030215",
        "EU/1/20/1507": "ORG-100031184",
        "EU/1/21/1529": "ORG-100001699",
        "EU/1/20/1525": "ORG-100001417",
        "Sputnik-V": "Gamaleya-Research-Institute",
        "BBIBP-CorV": "ORG-100020693",
        "WIBP-CorV": "Sinopharm-WIBP",
        "Hayat-Vax": "ORG-100023050",
        "Abdala": "CIGB",
        "Covaxin": "Bharat-Biotech",
        "Covishield": "ORG-100001981",
        "Sputnik-Light": "Gamaleya-Research-Institute",
    }


@pytest.mark.parametrize("one", products_in_viet_nam(), ids=lambda one: one.mp)
def test_every_product_of_viet_nam_may_be_issued(one: Product) -> None:
    for vp in one.vp:
        assert vaccination_problems({**ASTRAZENECA, "mp": one.mp, "ma": one.ma, "vp": vp}) == ()


@pytest.mark.parametrize(
    ("field", "code", "cure"),
    [
        ("vp", "J07BX03", "28531000087107"),
        ("mp", "Inactivated-SARS-CoV-2-Vero-Cell", "WIBP-CorV"),
        ("mp", "NVX-CoV2373", "EU/1/21/1618"),
    ],
)
def test_deprecated_code_is_not_issued_and_its_successor_is_named(field: str, code: str, cure: str) -> None:
    (problem,) = vaccination_problems({**ASTRAZENECA, field: code})
    assert problem.field == f"v.0.{field}"
    assert cure in problem.en
    assert cure in problem.vi


def test_deprecated_code_is_still_read() -> None:
    assert label("vp", "J07BX03") == "Vắc xin phòng COVID-19"
    assert label("mp", "Inactivated-SARS-CoV-2-Vero-Cell", "en") == "Inactivated SARS-CoV-2 (Vero Cell)"


@pytest.mark.parametrize("written", ["VLA2001 (deprecated)", " VLA2001 ", "VLA2001"])
def test_code_is_read_with_blanks_and_a_stray_remark(written: str) -> None:
    found = value_sets()["mp"].find(written)
    assert found is not None
    assert found.code == "VLA2001"


@pytest.mark.parametrize("code", ["nonsense", "", None, 840539006, ["840539006"], " 840539006"])
def test_issuing_takes_codes_letter_for_letter(code: object) -> None:
    (problem,) = vaccination_problems({**ASTRAZENECA, "tg": code})
    assert problem.field == "v.0.tg"
    assert repr(code) in problem.vi


def test_all_wrong_codes_are_told_at_once() -> None:
    assert [one.field for one in vaccination_problems({})] == ["v.0.tg", "v.0.vp", "v.0.mp", "v.0.ma", "v.0.co"]


def test_maker_of_another_product_is_refused_as_in_the_sample_of_2022() -> None:
    (problem,) = vaccination_problems({**ASTRAZENECA, "ma": "ORG-100030215"})
    assert problem.field == "v.0.ma"
    assert "ORG-100001699" in problem.en
    assert problem.vi == (
        "Vaxzevria (AstraZeneca) không phải của Biontech Manufacturing GmbH. Mã đúng là ORG-100001699."
    )


def test_vaccine_type_of_another_product_is_refused() -> None:
    (problem,) = vaccination_problems({**ASTRAZENECA, "vp": "1119349007"})
    assert problem.field == "v.0.vp"
    assert "29061000087103" in problem.en


@pytest.mark.parametrize(
    ("field", "code", "language", "words"),
    [
        ("mp", "BBIBP-CorV", "vi", "Vero Cell (Bắc Kinh)"),
        ("mp", "BBIBP-CorV", "en", "BBIBP-CorV"),
        ("ma", "CIGB", "vi", "Center for Genetic Engineering and Biotechnology"),
        ("tr", "260415000", "vi", "Không phát hiện"),
        ("mp", "unheard-of", "vi", "unheard-of"),
        ("zz", "anything", "vi", "anything"),
    ],
)
def test_codes_are_said_in_words(field: str, code: str, language: str, words: str) -> None:
    assert label(field, code, language) == words


def test_unknown_product_is_none() -> None:
    assert product("unheard-of") is None


def test_rules_get_every_code_with_the_ids_that_they_know() -> None:
    sets = codes_for_rules()
    assert "J07BX03" in sets["sct-vaccines-covid-19"]
    assert "VN" in sets["country-2-codes"]
    assert len(sets) == 7


GATEWAY = {
    "valueSetId": "covid-19-lab-test-manufacturer-and-name",
    "valueSetDate": "2022-01-01",
    "valueSetValues": {"1232": {"display": "Panbio", "active": False, "system": "https://covid-19-diagnostics.jrc"}},
}


def test_set_of_a_gateway_is_read() -> None:
    assert gateway_value_set(GATEWAY).values["1232"] == Value(
        "1232", "Panbio", "Panbio", "https://covid-19-diagnostics.jrc", active=False
    )


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {**GATEWAY, "valueSetId": 1},
        {**GATEWAY, "valueSetValues": []},
        {**GATEWAY, "valueSetValues": {"1": {}}},
    ],
)
def test_anything_else_is_no_set_of_a_gateway(data: object) -> None:
    with pytest.raises(CodeUnusable):
        gateway_value_set(data)


def _product_set(**change: Any) -> Mapping[str, Any]:
    entry = {"display": "X", "system": "s", "ma": "CIGB", "vp": ["28531000087107"], **change}
    return {"id": "vaccines-covid-19-names", "date": "2022-11-30", "systems": {"s": "s"}, "values": {"X": entry}}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"ma": "nobody"}, "X: its maker or a vaccine type is unknown"),
        ({"vp": []}, "X: its maker or a vaccine type is unknown"),
        ({"vp": ["J07BX03"]}, "X: its maker or a vaccine type is unknown"),
        ({"active": False}, "X is deprecated without an active successor"),
        ({"replaced_by": "X"}, "X is active, yet says what replaces it"),
        ({"active": False, "replaced_by": "X", "viet_nam": "X"}, "X: used in Viet Nam, yet deprecated"),
    ],
)
def test_sets_that_contradict_one_another_are_not_loaded(
    change: dict[str, Any], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = valuesets.read_reference
    monkeypatch.setattr(
        valuesets, "read_reference", lambda name: _product_set(**change) if "products" in name else read(name)
    )
    with pytest.raises(ReferenceDataError, match=fault):
        value_sets.__wrapped__()


def test_product_without_a_maker_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    load = valuesets._load
    bare = ValueSet("vaccines-covid-19-names", "2022-11-30", {"X": Value("X", "X", "X", "s")})
    monkeypatch.setattr(valuesets, "_load", lambda file: bare if file == "vaccine_products" else load(file))
    with pytest.raises(ReferenceDataError, match="X: no maker is given"):
        value_sets.__wrapped__()
