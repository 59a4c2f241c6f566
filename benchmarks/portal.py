"""How many people can look at the figures at once? The page of the newest snapshot, with ten million doses behind it.

Callers ask one after the other over connections that stay open. The limit in the same run: Granian, with as many
processes and threads, handing out the same bytes and headers and doing nothing else. What taking the snapshot costs is
said beside it: the page itself counts nothing.

    DOSES=10000000 SECONDS=10 CALLERS=16 python benchmarks/portal.py
"""

import multiprocessing as mp
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from benchmarks.measure import CORES, report_beside, timed  # noqa: E402
from benchmarks.served import PORT, Caller, fill, fill_doses, installed, serving, wait_for  # noqa: E402

DOSES = int(os.environ.get("DOSES", "10000000"))
SECONDS = float(os.environ.get("SECONDS", "10"))
CALLERS = int(os.environ.get("CALLERS", "16"))
PAGE = "/so-lieu/"
BARE = """
import sys
from granian import Granian
body = open(sys.argv[1], "rb").read()
headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
def application(environ, start_response):
    start_response("200 OK", headers)
    return [body]
if __name__ == "__main__":
    Granian("bare:application", address="127.0.0.1", port=int(sys.argv[2]), interface="wsgi", workers=int(sys.argv[3]),
            blocking_threads=4, websockets=False, log_access=False).serve()
"""


def main() -> None:
    """Fill, count, serve, look, report."""
    with installed() as installation:
        stations = _stations()
        fill(DOSES // 2)
        fill_doses(DOSES // 2, 2, stations)
        counting = _count()
        with serving(installation):
            body = Caller.nobody().send(Caller.nobody().get(PAGE))
            found = _look()
        bare = _bare(installation.folder, body)
    report_beside(
        "portal",
        found,
        bare,
        keep=DOSES >= 10_000_000,
        unit="pages/s",
        limit_is="Granian handing out the same bytes",
        ratio=round(found["rate"] / bare["rate"], 3),
        doses=DOSES,
        bytes=len(body),
        callers=CALLERS,
        seconds_to_count=round(counting, 1),
    )


def _stations() -> list[Any]:
    from tests.station import open_station
    from tiemchung.places import actions

    actions.load_areas(by=None)
    actions.load_province_figures(by=None)
    return [open_station(doses=1_000_000) for _ in range(10)]


def _count() -> float:
    from tiemchung.figures import actions

    started = time.monotonic()
    actions.take(by=None)
    return time.monotonic() - started


def _look() -> dict[str, float]:
    """Let callers in two processes ask for SECONDS; gives rate and percentiles."""
    from django.db import connections

    connections.close_all()
    context = mp.get_context("fork")
    done = context.Queue()
    running = [context.Process(target=_callers, args=(CALLERS // CORES, done)) for _ in range(CORES)]
    for one in running:
        one.start()
    times = [each for _ in running for each in done.get(timeout=SECONDS + 60)]
    for one in running:
        one.join()
    return timed(times, SECONDS)


def _callers(count: int, done: Any) -> None:
    times: list[float] = []
    until = time.perf_counter() + SECONDS

    def look(_: int) -> None:
        caller = Caller.nobody()
        request = caller.get(PAGE)
        while (started := time.perf_counter()) < until:
            caller.send(request)
            times.append(time.perf_counter() - started)

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(look, range(count)))  # raises what a caller met
    done.put(times)


def _bare(folder: Path, body: bytes) -> dict[str, float]:
    """The same of a server that does nothing but answer."""
    (folder / "bare.py").write_text(BARE)
    (folder / "page").write_bytes(body)
    command = [sys.executable, "bare.py", "page", str(PORT), str(CORES)]
    running = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(running)
        return _look()
    finally:
        running.terminate()
        running.wait()


if __name__ == "__main__":
    main()
