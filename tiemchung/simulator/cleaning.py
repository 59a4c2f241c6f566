"""What is still wrong is put right: one decision for many, hamlet teams with a sheet, commune police with slips.

Half of what no decision cures is asked from door to door and comes back as an Excel sheet, sent twice; the other half
is confirmed by officers on the population side's pages.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

from openpyxl import load_workbook

from tiemchung.cleaning import actions, actions_funnel, actions_police
from tiemchung.cleaning.corrections import follows
from tiemchung.cleaning.models import CleaningTask
from tiemchung.identity import actions as identity
from tiemchung.simulator.client import Client
from tiemchung.simulator.guests import Guest
from tiemchung.simulator.plan import PASSWORD, Site
from tiemchung.simulator.residents import Resident
from tiemchung.simulator.site_day import SiteDay

_CITIZEN = re.compile(r'name="citizen" value="([0-9a-f-]{36})"')
_RECORD = re.compile(r'href="(/ho-so/[0-9a-f-]{36}/)"')
_LIST = "/van-phong/lam-sach/"
SEXES = {"male": "Nam", "female": "Nữ"}


@dataclass
class Work:
    """The open tasks of one site's commune, by who is going to cure them."""

    site: Site
    facility_id: UUID
    by_decision: list[CleaningTask] = field(default_factory=list)
    by_hamlet: list[CleaningTask] = field(default_factory=list)
    by_police: list[CleaningTask] = field(default_factory=list)


def clean(url: str, population_url: str, days: Sequence[SiteDay], progress: Callable[[int], None]) -> dict[str, int]:
    """Work through every open task. Gives how many there were, how they were cured, and how many are left."""
    actions.settle_changed()
    actions_funnel.take_funnel()
    works, truth = [_shared_out(day) for day in days], _truth(days)
    with ThreadPoolExecutor(len(days)) as pool:
        again = sum(pool.map(lambda work: _at_the_health_side(url, work, truth), works))
        progress(sum(len(work.by_decision) + len(work.by_hamlet) for work in works))
        sent = actions_police.send_requests()
        slips = sum(pool.map(lambda work: _at_the_police(population_url, work), works))
    progress(sum(len(work.by_police) for work in works))
    actions_police.exchange_with_police()
    identity.check_due(by=None)
    actions.settle_changed()
    actions_funnel.take_funnel()
    open_now = CleaningTask.objects.filter(closed_at=None).count()
    return {
        "tasks": sum(len(work.by_decision) + len(work.by_hamlet) + len(work.by_police) for work in works),
        "by_decision": sum(len(work.by_decision) for work in works),
        "by_sheet": sum(len(work.by_hamlet) for work in works),
        "taken_twice": again,
        "to_police": sent,
        "slips": slips,
        "left": open_now,
    }


def _shared_out(day: SiteDay) -> Work:
    work = Work(day.place.site, day.place.facility_id)
    rest: list[CleaningTask] = []
    for task in CleaningTask.objects.filter(commune_id=work.site.commune_code, closed_at=None).order_by("id"):
        decidable = follows(task.field, task.kind) and task.facility_id == work.facility_id
        (work.by_decision if decidable else rest).append(task)
    work.by_hamlet, work.by_police = rest[::2], rest[1::2]
    return work


def _truth(days: Iterable[SiteDay]) -> dict[UUID, Resident]:
    guests: list[Guest] = [guest for day in days for guest in day.guests]
    return {guest.person_id: guest.resident for guest in guests if guest.person_id}


def _at_the_health_side(url: str, work: Work, truth: dict[UUID, Resident]) -> int:
    """The head decides for many, the station passes on, the hamlet's sheet comes back twice. Gives rows taken twice."""
    _decide(url, work)
    client = Client(url)
    client.sign_in(work.site.station, PASSWORD)
    for step, tasks in (("given_to_hamlet", work.by_hamlet), ("sent_to_police", work.by_police)):
        if tasks:
            client.post_form(f"{_LIST}buoc", {"step": step, "task": [str(task.id) for task in tasks]})
    filled = _filled(client.get(f"{_LIST}bang").content, {str(task.id): task for task in work.by_hamlet}, truth)
    pages = [client.post_file(f"{_LIST}bang/nhap", "file", filled).text for _ in range(2)]
    client.close()
    return _count_taken(pages[1])


def _decide(url: str, work: Work) -> None:
    kinds = {(task.field, task.kind) for task in work.by_decision}
    client = Client(url)
    client.sign_in(work.site.head, PASSWORD)
    for name, kind in sorted(kinds):
        ids = [str(task.id) for task in work.by_decision if (task.field, task.kind) == (name, kind)]
        path = f"{_LIST}cung-loi/{work.facility_id}/{name}/{kind}/"
        client.post_form(path, {"decision": "accept", "task": ids})
    client.close()


def _filled(sheet: bytes, tasks: dict[str, CleaningTask], truth: dict[UUID, Resident]) -> bytes:
    """The sheet as a hamlet team brings it back: what people's cards say."""
    book = load_workbook(BytesIO(sheet))
    rows: Any = book.worksheets[0]
    for row in range(2, rows.max_row + 1):
        task = tasks.get(str(rows.cell(row, 1).value))
        person = truth.get(task.person_id) if task else None
        if task and person:
            rows.cell(row, 9).value, rows.cell(row, 10).value = "sửa", _true_value(person, task.field)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _true_value(person: Resident, name: str) -> str:
    if name == "birth_date":
        return f"{person.born:%d/%m/%Y}"
    return SEXES[str(person.sex)] if name == "sex" else str(getattr(person, name))


def _count_taken(page: str) -> int:
    found = re.search(r"Đã nhận (\d+) dòng", page)
    return int(found[1]) if found else -1


def _at_the_police(url: str, work: Work) -> int:
    """An officer opens every record of his commune and confirms whom he finds in the register. Gives the slips."""
    client = Client(url, cookies="dan_cu_session dan_cu_csrf")
    client.sign_in(work.site.officer, PASSWORD)
    slips = 0
    for path in dict.fromkeys(_RECORD.findall(client.get("/").text)):
        found = _CITIZEN.search(client.get(path).text)
        sent = {"kind": "confirm", "citizen": found[1], "ground": "card_seen"} if found else {}
        client.post_form(path, sent or {"kind": "unknown"})
        slips += found is not None
    client.close()
    return slips
