from datetime import date

import pytest

from tiemchung.dosing import Rules

CATALOGUE = Rules.load().catalogue


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("AZ", "AZ"),
        ("Vắc xin AstraZeneca", "AZ"),
        ("AstraZenecca", "AZ"),
        ("EU/1/21/1529", "AZ"),
        ("COVID-19 Vaccine Moderna", "MO"),
        ("Spokevax (Moderna)", "MO"),
        ("Comminaty Pfizer", "PF"),
        ("VEROCELL", "VC"),
        ("Vero Cell của Sinopharm", "VC"),
        ("BBIBP-CorV", "VC"),
        ("WIBP-CorV", "WIBP"),
        ("Vero Cell Vũ Hán", "WIBP"),
        ("Gam-Covid-Vac", "SV"),
        ("Sputnik Light", "SPUTNIKLIGHT"),
        ("Janseen", "JJ"),
        ("Adbala", "AB"),
        ("Hayat - Vax", "HV"),
        ("Covaxin", "CX"),
        ("Covishield", "COVISHIELD"),
        ("Pfizer trẻ em", "PF10"),
    ],
)
def test_name_in_a_record_means_a_product(name: str, code: str) -> None:
    assert [product.code for product in CATALOGUE.find(name)] == [code]


@pytest.mark.parametrize(
    ("name", "born", "code"),
    [
        ("Pfizer", date(2014, 1, 1), "PF10"),
        ("EU/1/20/1528", date(1984, 1, 1), "PF"),
        ("Moderna", date(2014, 1, 1), "MO25"),
    ],
)
def test_family_name_means_the_presentation_for_the_age(name: str, born: date, code: str) -> None:
    assert [product.code for product in CATALOGUE.find(name, born, date(2022, 6, 1))] == [code]


def test_code_means_its_presentation_whatever_the_age() -> None:
    assert [product.code for product in CATALOGUE.find("PF", date(2014, 1, 1), date(2022, 6, 1))] == ["PF"]


def test_name_of_several_products_gives_them_all() -> None:
    assert [product.code for product in CATALOGUE.find("vắc xin Mỹ")] == ["PF", "MO", "JJ"]


@pytest.mark.parametrize("name", ["", "thuốc", "cảm mạo", "1528"])
def test_unknown_name_gives_none(name: str) -> None:
    assert CATALOGUE.find(name) == ()


def test_every_product_on_a_passport_has_the_triple_of_the_value_sets() -> None:
    listed = {product.code: product.eu for product in CATALOGUE.products.values() if product.passport}
    assert len({eu.mp for eu in listed.values() if eu}) == 8
    assert all(listed.values())


def test_products_carry_what_the_pages_show() -> None:
    product = Rules.load().products["PF"]
    assert (product.names.vi, product.names.trade) == ("Pfizer", "Comirnaty")
    assert product.eu
    assert (product.eu.mp, product.eu.ma, product.eu.vp) == ("EU/1/20/1528", "ORG-100030215", "1119349007")
    assert (product.volume_ml, product.course) == (0.3, 2)
    assert product.vial
    assert product.vial.doses == (6,)
    assert product.storage
    assert (product.storage.thawed_days, product.storage.open_hours) == (31, 6)
