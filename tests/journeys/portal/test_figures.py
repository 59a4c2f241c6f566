"""A visitor reads the figures: the same page for everybody, made once a snapshot."""

import csv
import io

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.ledger import signed_day
from tests.station import PASSWORD, open_station
from tiemchung.doses import actions as doses
from tiemchung.figures import actions
from tiemchung.places.actions import load_areas, load_province_figures
from tiemchung.portal import figures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]


@pytest.fixture(autouse=True)
def _nothing_made_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "made", figures.Made())
    monkeypatch.setattr(figures, "ASK_AGAIN", 0.0)


def read(client: Client, path: str = "/so-lieu/", **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_the_four_figures_stand_apart_with_what_is_missing_between_them(client: Client) -> None:
    day = signed_day(people=6)
    doses.type_tally(session_id=day.station.session.id, product="AZ", doses=20, by=day.station.head)
    actions.take(by=None)
    page = read(client)
    for text in ("Đã tiêm", "Đã nhập", "Đã xác thực", "Đã ký", "20 chưa nhập"):
        assert text in page


def test_all_63_provinces_are_listed_with_the_published_share_and_its_date_and_source(client: Client) -> None:
    load_areas(by=None)
    load_province_figures(by=None)
    page = read(client)
    assert page.count('<tr><th scope="row">') == 63
    assert "Số đã công bố ngày 05/08/2021" in page
    assert "tiemchungcovid19.gov.vn" in page
    assert page.count('class="tile gap"') == 17
    assert "Hoàng Sa" in page
    assert "Trường Sa" in page


def test_a_small_count_is_hidden_and_an_incomplete_province_is_marked(client: Client) -> None:
    signed_day(people=2)
    actions.take(by=None)
    page = read(client)
    assert "&lt;10" in page
    assert "chưa đủ số liệu" in page


def test_the_table_as_csv_says_the_same(client: Client) -> None:
    signed_day(people=6)
    actions.take(by=None)
    text = read(client, "/so-lieu/tinh.csv")
    assert text.startswith("\ufeff")
    [row] = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert (row["province_code"], row["given"], row["recorded"], row["incomplete"]) == ("01", "18", "12", "1")


def test_a_page_is_made_once_and_then_costs_one_look_for_a_newer_snapshot(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actions.take(by=None)
    first = read(client)
    with django_assert_num_queries(1):
        assert read(client) == first


def test_a_new_snapshot_makes_a_new_page(client: Client) -> None:
    actions.take(by=None)
    before = read(client)
    signed_day(people=10)
    actions.take(by=None)
    assert read(client) != before


def test_nobody_is_told_apart_signed_in_or_not(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    station = open_station()
    actions.take(by=None)
    before = read(client)
    client.login(username=station.nurse.username, password=PASSWORD)
    with django_assert_num_queries(1):
        assert read(client) == before


def test_languages_and_themes_are_kept_apart(client: Client) -> None:
    vietnamese = read(client)
    assert "Cách tính" in vietnamese
    assert "How it is counted" in read(client, **{"Accept-Language": "en"})
    client.cookies["theme"] = "dark"
    assert 'data-bs-theme="dark"' in read(client)
    client.cookies["theme"] = 'dark"><script>'
    assert read(client) == vietnamese


def test_a_reader_who_has_it_is_told_so(client: Client) -> None:
    response = client.get("/so-lieu/")
    assert response["Cache-Control"] == "public, max-age=30"
    assert {"Cookie", "Accept-Language"} <= set(response["Vary"].split(", "))
    again = client.get("/so-lieu/", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_only_reading_is_possible(client: Client) -> None:
    assert client.head("/so-lieu/").status_code == 200
    assert client.post("/so-lieu/").status_code == 405
