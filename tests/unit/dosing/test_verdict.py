from datetime import date

import pytest

from tiemchung.dosing import GivenDose, Rules, Subject

RULES = Rules.load()
ADULT = Subject("1985-06-15")


def test_refusal_says_how_many_days_are_missing_and_from_when() -> None:
    verdict = RULES.may_give(ADULT, [GivenDose("PF", "2021-08-01")], product="Pfizer", area="48", on="2021-08-13")
    assert not verdict.allowed
    assert verdict.from_ == date(2021, 8, 22)
    assert verdict.reason.vi.startswith("Còn sớm 9 ngày. Hẹn lại từ 22/08/2021.")
    assert verdict.reason.en.startswith("9 days too early. Book from 22/08/2021.")
    assert (verdict.field, verdict.rule) == ("on", "pf-pf")
    assert [one.number for one in verdict.dispatch] == ["1209/VSDTTU-TCQG"]


@pytest.mark.parametrize(
    ("product", "code"), [("", "unknown_product"), ("vắc xin Mỹ", "unknown_product"), ("gì đó", "unknown_product")]
)
def test_product_that_is_not_certain_is_never_allowed(product: str, code: str) -> None:
    verdict = RULES.may_give(ADULT, [], product=product, area="48", on="2021-09-01")
    assert (verdict.allowed, verdict.code, verdict.field) == (False, code, "product")


@pytest.mark.parametrize("product", ["CoronaVac", "Nanocovax", "Covishield"])
def test_product_without_approval_is_refused(product: str) -> None:
    verdict = RULES.may_give(ADULT, [], product=product, area="48", on="2022-01-10")
    assert (verdict.allowed, verdict.field) == (False, "product")


def test_birth_year_near_an_age_limit_must_be_asked_first() -> None:
    verdict = RULES.may_give(Subject("2003"), [], product="AZ", area="48", on="2021-10-01")
    assert (verdict.allowed, verdict.code, verdict.field) == (False, "ask_first", "birth_date")


def test_birth_year_that_decides_nothing_is_not_asked() -> None:
    assert RULES.may_give(Subject("1984"), [], product="AZ", area="48", on="2021-10-01").allowed


def test_unknown_province_must_be_asked_where_it_decides() -> None:
    verdict = RULES.may_give(ADULT, [GivenDose("AZ", "2021-08-20")], product="AZ", on="2021-10-05")
    assert (verdict.allowed, verdict.field) == (False, "area")


def test_third_dose_of_a_healthy_child_is_refused_with_a_dispatch() -> None:
    doses = [GivenDose("PF10", "2022-05-05"), GivenDose("PF10", "2022-06-02")]
    verdict = RULES.may_give(Subject("2014-01-01"), doses, product="PF10", area="48", on="2022-12-31")
    assert not verdict.allowed
    assert verdict.dispatch


def test_allowed_product_names_volume_and_kind() -> None:
    doses = [GivenDose("MO", "2021-08-01"), GivenDose("MO", "2021-09-01")]
    verdict = RULES.may_give(ADULT, doses, product="Moderna", area="48", on="2022-01-10")
    assert (verdict.allowed, verdict.kind, verdict.volume_ml) == (True, "booster1", 0.25)


def test_verdict_goes_out_as_json() -> None:
    said = RULES.may_give(ADULT, [], product="AZ", area="48", on="2021-09-01").to_json()
    assert said["allowed"] is True
    assert said["reason"]["vi"]
