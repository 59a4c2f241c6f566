"""A citizen on a phone: opens a book, registers, shows the code, sees the passport, which the world can check."""

import io
from collections.abc import Callable
from datetime import date

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, choose, grave_faults, overflows
from tests.played import PlayedDay
from tiemchung.hcert import qr
from tiemchung.simulator.residents import Resident, residents
from tiemchung.vietnam.phones import PhoneNumber


@pytest.fixture
def newcomer() -> Resident:
    """Somebody who has not registered yet."""
    return residents(1, ["00001"], on=date(2022, 5, 14), seed=991)[0]


def _check(page: Page) -> None:
    assert grave_faults(page) == []
    assert not overflows(page)


def test_a_citizen_opens_a_book_and_registers_himself(open_page: OpenPage, newcomer: Resident) -> None:
    page = open_page("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tiêm đúng người.")
    _check(page)
    page.goto("/so/mo-so/")
    _open_book(page, newcomer.phone, "An")
    _fill_person(page, newcomer)
    _answer_health(page)
    page.check("[name=consent]")
    _check(page)
    page.click("main button.tc-act")
    expect(page.locator("main")).to_contain_text(newcomer.full_name)
    _check(page)
    page.goto("/so/")
    expect(page.locator("main")).to_contain_text(newcomer.full_name)
    _check(page)


def _open_book(page: Page, phone: str, name: str) -> None:
    """Fill both steps; the code is read where a practice installation shows its messages."""
    page.fill("[name=phone]", phone)
    page.fill("[name=display_name]", name)
    page.fill("[name=password]", "mot-mat-khau-dai")
    _check(page)
    page.click("main button.tc-act")
    code_page = page.url
    page.goto("/tin-nhan/")
    message = page.locator("main li", has_text=PhoneNumber.parse(phone).e164).first
    code = message.locator(".tc-row-t").inner_text().split()[0]
    page.goto(code_page)
    page.fill("[name=code]", code)
    _check(page)
    page.click("main button.tc-act")


def _fill_person(page: Page, one: Resident) -> None:
    page.fill("[name=full_name]", one.full_name)
    page.fill("[name=birth_date]", one.born.strftime("%d/%m/%Y"))
    choose(page, f"[name=sex][value={one.sex}]")
    page.fill("[name=identity_number]", one.number)
    page.select_option("[name=province_code]", "01")
    page.wait_for_selector("[name=district_code] option[value='001']", state="attached")
    page.select_option("[name=district_code]", "001")
    page.wait_for_selector("[name=residence_code] option[value='00001']", state="attached")
    page.select_option("[name=residence_code]", "00001")
    _check(page)
    page.click("main button.tc-act")


def _answer_health(page: Page) -> None:
    page.select_option("[name=priority_group]", "10")
    for answer in page.locator("label:has([name^='history.'][value=no])").all():
        answer.click()
    _check(page)
    page.click("main button.tc-act")


def test_a_wrong_number_is_named_with_its_cure(open_page: OpenPage, newcomer: Resident) -> None:
    page = open_page("/so/mo-so/")
    _open_book(page, "0987000111", "Bình")
    page.fill("[name=full_name]", newcomer.full_name)
    page.fill("[name=birth_date]", "31/02/1990")
    page.fill("[name=identity_number]", "00109")
    choose(page, "[name=sex][value=male]")
    page.click("main button.tc-act")
    expect(page.locator(".tc-cure").first).to_be_visible()
    _check(page)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_the_passport_on_the_page_is_what_the_verifier_believes(
    sign_in: Callable[..., Page], played_day: PlayedDay, open_page: OpenPage, size: str
) -> None:
    page = sign_in(played_day.result["citizen"], size=size)
    _check(page)
    page.goto("/so/ho-chieu/")
    _check(page)
    page.locator("main a[href*='/ho-chieu/']").first.click()
    expect(page.locator(".tc-pass")).to_be_visible()
    _check(page)
    texts = qr.read(_enlarged(page.locator(".tc-qr svg").screenshot()))
    assert texts[0].startswith("HC1:")
    _expect_valid(open_page("/kiem-tra/", size=size), texts[0])


def _enlarged(picture: bytes) -> bytes:
    """The picture of the code, three times as large, as a camera that is held near sees it."""
    image = Image.open(io.BytesIO(picture)).convert("L")
    out = io.BytesIO()
    image.resize((image.width * 3, image.height * 3)).save(out, "PNG")
    return out.getvalue()


def _expect_valid(page: Page, text: str) -> None:
    page.fill("[name=text]", text)
    page.click("main button.tc-act")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hợp lệ")
    _check(page)


def test_a_forged_certificate_is_refused(open_page: OpenPage) -> None:
    page = open_page("/kiem-tra/")
    page.fill("[name=text]", "HC1:6BFOXN%TSMAHN-H")
    page.click("main button.tc-act")
    expect(page.get_by_role("heading", level=1)).to_have_text("Không hợp lệ")
    _check(page)


def test_the_health_book_speaks_english_when_asked(sign_in: Callable[..., Page], played_day: PlayedDay) -> None:
    page = sign_in(played_day.result["citizen"])
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    _check(page)
