"""Our value sets against those that the EU published (version 2.12.0)."""

import json
from typing import Any

import pytest

from tests.shared import shared
from tiemchung.hcert.valuesets import gateway_value_set, value_sets

FILES = {
    "tg": "disease-agent-targeted",
    "vp": "vaccine-prophylaxis",
    "mp": "vaccine-medicinal-product",
    "ma": "vaccine-mah-manf",
    "tt": "test-type",
    "tr": "test-result",
    "co": "country-2-codes",
}


def _published(name: str) -> Any:
    return json.loads(shared(f"testdata/dcc/valuesets/{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("field", FILES)
def test_codes_are_those_published(field: str) -> None:
    ours, theirs = value_sets()[field], gateway_value_set(_published(FILES[field]))
    assert (ours.id, ours.date, set(ours.values)) == (theirs.id, theirs.date, set(theirs.values))
    assert [code for code, value in ours.values.items() if value.active is not theirs.values[code].active] == []


@pytest.mark.parametrize("field", sorted(set(FILES) - {"co"}))
def test_names_and_systems_are_those_published(field: str) -> None:
    theirs = gateway_value_set(_published(FILES[field])).values.values()
    expected = {one.code: (one.display.removesuffix(" (deprecated)"), one.system) for one in theirs}
    assert {one.code: (one.display, one.system) for one in value_sets()[field].values.values()} == expected


def test_triples_are_those_of_the_encoding_instructions() -> None:
    rows = _published("vaccine-encoding-instructions")["valueSetValues"].values()
    theirs = {
        row["vaccine-code"].removesuffix(" (deprecated)"): (row["vaccine-manufacturer"], set(row["sct-codes"]))
        for row in rows
    }
    assert {one.mp: (one.ma, set(one.vp)) for one in value_sets()["mp"].products.values()} == theirs


def test_test_kits_of_the_gateway_can_be_read() -> None:
    kits = gateway_value_set(_published("test-manf-example"))
    assert kits.id == "covid-19-lab-test-manufacturer-and-name"
    assert kits.values
