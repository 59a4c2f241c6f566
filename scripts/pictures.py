"""Make the pictures of the README from a running system: play the day, fill the floor, look at the pages."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.played import PlayedDay, play_day  # noqa: E402
from tiemchung.cli.installation import Installation  # noqa: E402
from tiemchung.ground.ids import new_id  # noqa: E402
from tiemchung.hcert import qr  # noqa: E402
from tiemchung.simulator.client import Client  # noqa: E402
from tiemchung.simulator.plan import DAY, PASSWORD, SITES  # noqa: E402
from tiemchung.simulator.residents import Resident, residents  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SITE = SITES[0]
MINUTES_AGO = (31, 26, 19, 12, 8, 3)  # when those under observation were vaccinated
WAITING = 4  # people whose events are sent too, but who are not vaccinated yet


def main() -> None:
    """Play, serve, look."""
    folder = Path(tempfile.mkdtemp(prefix="tiemchung-"))
    try:
        import json

        day = PlayedDay(folder / "run", json.loads(play_day(folder / "run")))
        with day.served() as url, sync_playwright() as playwright:
            fill_the_floor(url, _now(day))
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            for name, page in pages(browser, url, day):
                page.screenshot(path=PICTURES / f"{name}.png")
                print(name)
            browser.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _now(day: PlayedDay) -> datetime:
    offset = Installation(day.folder).environment()["TIEMCHUNG_CLOCK_OFFSET"]
    return datetime.now(UTC) + timedelta(seconds=float(offset))


def fill_the_floor(url: str, now: datetime) -> None:
    """Vaccinate some people within the last half hour, and let others wait, as the site's device would send it."""
    client = Client(url)
    client.sign_in(SITE.nurse, PASSWORD)
    today = client.get("/api/sessions/today").json()[0]
    people = residents(len(MINUTES_AGO) + WAITING, [SITE.commune_code], on=DAY, seed=77)
    for place, one in enumerate(people):
        minutes = MINUTES_AGO[place] if place < len(MINUTES_AGO) else None
        _send(client, today["facility_id"], list(_visit(one, today["id"], now, minutes)))


def _send(client: Client, facility: Any, events: list[dict[str, Any]]) -> None:
    for event in events:
        event["facility_id"] = facility
    answers = client.post_json("/api/events", {"events": events})["answers"]
    assert all(one["answer"].startswith("accepted") for one in answers), answers


def _visit(one: Resident, session: str, now: datetime, minutes: int | None) -> Iterator[dict[str, Any]]:
    person, visit = str(new_id()), str(new_id())
    came = now - timedelta(minutes=(minutes or 0) + 12)
    said = {
        "person_id": person,
        "full_name": one.full_name,
        "birth_date": one.born.isoformat(),
        "sex": str(one.sex),
        "identity_numbers": [{"value": one.number}],
        "phone": one.phone,
        "residence_code": one.commune_code,
    }
    yield _event("person_declared", said, came)
    yield _event("checked_in", {"visit_id": visit, "session_id": session, "person_id": person}, came)
    if minutes is not None:
        yield _event("screened", {"visit_id": visit, **_healthy(one)}, came + timedelta(minutes=5))
        given = {"visit_id": visit, "lot_number": SITE.lot, "arm": "left"}
        yield _event("injected", given, now - timedelta(minutes=minutes))


def _healthy(one: Resident) -> dict[str, Any]:
    from tiemchung.campaigns import screening_questions

    asked = screening_questions.questions(screening_questions.SCREENING_ADULT, DAY)
    return {
        "answers": {question.code: "no" for question in asked if question.is_asked_of(str(one.sex))},
        "vitals": {"temperature": 36.7, "pulse": 76, "systolic": 118, "diastolic": 76},
        "outcome": "eligible",
    }


def _event(kind: str, content: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {"id": str(new_id()), "kind": kind, "made_at": at.isoformat(), "content": content}


def pages(browser: Browser, url: str, day: PlayedDay) -> Iterator[tuple[str, Page]]:
    """Each picture's name and the page that stands ready."""
    visitor = _open(browser, url, PHONE)
    for name, path in [("start-phone", "/"), ("figures-phone", "/so-lieu/")]:
        visitor.goto(path)
        yield name, visitor
    wide = _open(browser, url, DESKTOP)
    for name, path in [("start-desktop", "/"), ("figures-desktop", "/so-lieu/")]:
        wide.goto(path)
        yield name, wide
    citizen = _signed_in(browser, url, day.result["citizen"], PHONE)
    yield "book-phone", citizen
    citizen.goto("/so/ho-chieu/")
    citizen.locator("main a[href*='/ho-chieu/']").first.click()
    yield "passport-phone", citizen
    visitor.goto("/kiem-tra/")
    visitor.fill("[name=text]", _passport_text(citizen))
    visitor.click("main button.tc-act")
    yield "verdict-phone", visitor
    yield from _floor(_signed_in(browser, url, SITE.nurse, PHONE))
    head = _signed_in(browser, url, SITE.head, DESKTOP)
    head.goto("/van-phong/ky-du-lieu/")
    yield "attest-desktop", head
    phone_head = _signed_in(browser, url, SITE.head, PHONE)
    phone_head.goto("/van-phong/ky-du-lieu/")
    yield "attest-phone", phone_head


def _floor(nurse: Page) -> Iterator[tuple[str, Page]]:
    nurse.goto("/diem-tiem/quet/")
    yield "scan-phone", nurse
    nurse.goto("/diem-tiem/")
    nurse.locator("a[href*='/luot/']").first.click()
    nurse.fill("[name=temperature]", "36,8")
    yield "screening-phone", nurse
    nurse.goto("/diem-tiem/theo-doi/")
    yield "observation-phone", nurse


def _passport_text(page: Page) -> str:
    """What a camera reads from the code on the page."""
    import io

    from PIL import Image

    image = Image.open(io.BytesIO(page.locator(".tc-qr svg").screenshot())).convert("L")
    out = io.BytesIO()
    image.resize((image.width * 3, image.height * 3)).save(out, "PNG")
    return qr.read(out.getvalue())[0]


def _open(browser: Browser, url: str, size: Any) -> Page:
    return browser.new_context(base_url=url, viewport=size, locale="vi-VN", device_scale_factor=1.5).new_page()


def _signed_in(browser: Browser, url: str, username: str, size: Any) -> Page:
    page = _open(browser, url, size)
    page.goto("/dang-nhap/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button.tc-act")
    page.wait_for_load_state()
    return page


if __name__ == "__main__":
    PICTURES.mkdir(parents=True, exist_ok=True)
    main()
