"""Processes that sign end with whoever started them, however he ends; and what they were at is done once, later."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children
from typing import Any

import pytest

from tests.ledger import signed_day
from tests.servers import PATIENCE
from tiemchung.ground.rows import Planned
from tiemchung.messages.models import Message
from tiemchung.passports import actions_issue
from tiemchung.passports.models import Passport

HOLD_A_KEY = """
from multiprocessing import active_children
from tests.unit.hcert.samples import ISSUED, content, signer
from tiemchung.hcert import batch
if __name__ == "__main__":
    with batch.issuing(signer(), processes=2) as pool:
        list(pool.issue([content()] * 2 * batch.CHUNK, issued_at=ISSUED))
        print(*(child.pid for child in active_children()), flush=True)
        input()
"""


@pytest.fixture
def parent(tmp_path: Any) -> Iterator["subprocess.Popen[str]"]:
    """A process that has two others hold its key."""
    script = tmp_path / "parent.py"
    script.write_text(HOLD_A_KEY, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    started = subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    yield started
    started.kill()
    started.communicate()


def test_nobody_holds_the_key_once_the_parent_was_killed(parent: "subprocess.Popen[str]") -> None:
    assert parent.stdout
    children = [os.pidfd_open(int(pid)) for pid in parent.stdout.readline().split()]
    assert children
    parent.kill()
    ended = [bool(select.select([child], [], [], PATIENCE)[0]) for child in children]
    for child, gone in zip(children, ended, strict=True):
        if not gone:
            signal.pidfd_send_signal(child, signal.SIGKILL)
        os.close(child)
    assert all(ended)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("practice")
def test_when_what_signs_is_killed_nothing_is_lost_and_nothing_done_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    signed_day(people=5)
    store, stored = Planned.write, []

    def store_and_kill(planned: Planned) -> None:
        store(planned)
        stored.append(planned)
        for child in active_children():
            child.kill()

    with monkeypatch.context() as broken:
        broken.setattr(actions_issue.Planned, "write", store_and_kill)
        with pytest.raises(BrokenProcessPool):
            actions_issue.issue_due(by=None, limit=1)
    assert stored
    there = Passport.objects.count()
    assert Message.objects.filter(kind="passport").count() == there < 5
    assert actions_issue.issue_due(by=None, limit=1) == 5 - there
    assert actions_issue.issue_due(by=None, limit=1) == 0
    assert Passport.objects.values("person").distinct().count() == Passport.objects.count() == 5
    assert Message.objects.filter(kind="passport").count() == 5
