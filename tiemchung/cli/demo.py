"""`tiemchung demo`: a campaign day through real parts, in an installation of its own."""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tiemchung.cli.installation import Installation
from tiemchung.cli.processes import prepare
from tiemchung.cli.report import print_report
from tiemchung.cli.stack import Stack

if TYPE_CHECKING:
    from tiemchung.simulator.other_side import OtherSide
    from tiemchung.simulator.play import Play

PEOPLE = 360
PARTS = (
    *("register", "line_down", "first_doses", "invite", "morning", "catch_up", "identity"),
    *("attest", "issue", "batch", "register_changes", "mend", "clean", "issue_again"),
    *("duplicates", "complaints", "look_up", "figures", "audit"),
)
Advance = Callable[[int], None]


@dataclass
class Result:
    """What happened: numbers and seconds by part, and whether every dose is accounted for."""

    parts: dict[str, dict[str, int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    sites: list[dict[str, Any]] = field(default_factory=list)
    people: dict[str, int] = field(default_factory=dict)
    retries: int = 0
    server_killed: bool = False
    url: str = ""
    population_url: str = ""
    citizen: str = ""

    @property
    def problems(self) -> list[str]:
        """What does not add up; empty when every dose is accounted for in ledger, stock, tally and figures."""
        if "figures" not in self.parts:  # the day was not played to its end
            return []
        found = [
            f"{row['code']}: ledger {row['ledger']}, stock {row['stock']}, tally {row['tally']}"
            for row in self.sites
            if not row["ledger"] == row["stock"] == row["tally"]
        ]
        given, injected = sum(row["ledger"] for row in self.sites), self.parts["morning"]["injected"]
        if given != injected:
            found.append(f"{injected} injected, {given} in the ledger")
        expected, shown = injected + self.parts["first_doses"]["late_entries"], self.parts["figures"]
        if not shown["given"] == shown["recorded"] == expected:
            found.append(f"{expected} injected, figures say {shown['given']} given, {shown['recorded']} recorded")
        looked_up = self.parts["look_up"]
        found += [f"{name}: {count}" for name, count in looked_up.items() if name in WRONG_VERDICTS]
        found += [f"audit verify: {count} problems" for count in [self._changed] if count]
        return [*found, *self._left_in_the_funnel]

    @property
    def _left_in_the_funnel(self) -> list[str]:
        """Who was not asked about in the end, or asked about while the line was down: then the funnel says nothing."""
        asked, batch, last = (self.parts.get(name, {}) for name in ("identity", "batch", "clean"))
        waiting = self.parts.get("line_down", {}).get("in_a_batch", 0)
        found = []
        if asked and asked["unchecked"] != waiting:
            found.append(f"{waiting} wait in a batch, but {asked['unchecked']} are unchecked")
        found += [
            f"after {name} still {part['unchecked']} unchecked"
            for name, part in (("the batch", batch), ("the cleaning", last))
            if part and part["unchecked"]
        ]
        return found

    @property
    def _changed(self) -> int:
        """What is not as it was sealed."""
        return self.parts.get("audit", {}).get("problems", 0)

    def as_json(self) -> str:
        """All numbers for machines."""
        return json.dumps({**self.__dict__, "problems": self.problems}, indent=2)


WRONG_VERDICTS = {"good_stop", "good_unknown", "forged_ok", "revoked_ok"}


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(".run/demo"),
    show_default=True,
    help="The installation that it plays on: its database, keys and logs.",
)
@click.option("--people", default=PEOPLE, show_default=True, help="How many people come.")
@click.option("--port", default=8000, show_default=True, help="Of the pages.")
@click.option("--population-port", default=8001, show_default=True, help="Of the population side.")
@click.option("--serve/--no-serve", default=True, help="Keep serving after the day.")
@click.option("--only", type=click.Choice(PARTS), help="Play the day up to this part, and end there.")
@click.option("--kill-server", is_flag=True, help="SIGKILL the server in the middle of the morning and start it again.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, and end.")
def demo(
    folder: Path,
    people: int,
    port: int,
    population_port: int,
    serve: bool,
    only: str | None,
    kill_server: bool,
    as_json: bool,
) -> None:
    """Play a campaign day: registration, sites, checks, signing, look-ups, figures."""
    started = time.monotonic()
    console = Console(stderr=as_json)
    installation = _fresh(folder)
    server = _enter(installation)
    stack = Stack(dict(os.environ), installation.logs, port, population_port)
    try:
        result = _play(installation, stack, people, only, kill_server, console)
        result.seconds["all"] = time.monotonic() - started
        _say(result, console, as_json)
        if result.problems:
            sys.exit(1)
        if serve and not as_json:
            _keep_serving(stack, console)
    finally:
        stack.stop()
        server.release()


def _fresh(folder: Path) -> Installation:
    """An empty installation: what an earlier demo left goes. Anything that is not for practice is left alone."""
    installation = Installation(folder)
    if folder.exists():
        if not installation.is_practice and any(folder.iterdir()):
            raise click.UsageError(f"{folder} holds something that is not for practice. Choose another with --folder.")
        installation.server.stop()
        shutil.rmtree(folder)
    return installation


def _enter(installation: Installation) -> Any:
    from tiemchung.simulator import plan

    installation.make_practice(plan.offset(datetime.now(UTC)))
    return installation.enter()


def _play(
    installation: Installation, stack: Stack, people: int, only: str | None, kill_server: bool, console: Console
) -> Result:
    result = Result(url=stack.url, server_killed=kill_server)
    os.environ["TIEMCHUNG_POPULATION_URL"] = result.population_url = f"http://127.0.0.1:{stack.population_port}"
    stack.environment = dict(os.environ)
    with _bars(console) as bars:
        part = _Parts(result, bars)
        with part("migrate"):
            stack.run("migrate", "--embedded", str(installation.folder))
            prepare(None)
        from tiemchung.simulator.other_side import OtherSide
        from tiemchung.simulator.play import Play

        play = Play(stack.url, people)
        other_side = OtherSide(
            result.population_url,
            stop=stack.stop_population,
            start=stack.start_population_again,
            run=lambda *command: stack.run("population", *command),
            exchange=installation.folder / "exchange",
        )
        with part("set_up") as say:
            say(play.set_up())
            other_side.exchange.mkdir(parents=True, exist_ok=True)
            say({"citizens": other_side.load_register(play.guests)})
            officers = installation.folder / "officers.csv"
            say({"officers": play.write_officers(officers)})
            stack.run("population", "open-officers", str(officers))
            stack.start()
        advance = _killing(stack, part, people // 2) if kill_server else part.advance
        for name, total, played in _day(play, other_side, advance):
            with part(name, total) as say:
                say(played())
            if name == only:
                break
        result.sites, result.people, result.retries = play.by_site(), play.people_now(), play.retries()
        result.citizen = play.somebody_with_a_passport()
    return result


def _day(
    play: "Play", other_side: "OtherSide", advance: Advance
) -> list[tuple[str, int | None, Callable[[], dict[str, int]]]]:
    """The parts of the day in their order: name, how many steps its bar has, what plays it."""
    return [
        ("register", play.people, lambda: play.register(advance)),
        ("line_down", None, lambda: play.queue(other_side)),
        ("first_doses", None, play.enter_first_doses),
        ("invite", None, play.invite),
        ("morning", play.people, lambda: play.morning(advance)),
        ("catch_up", None, play.catch_up),
        ("identity", None, play.check_identities),
        ("attest", len(play.days), lambda: play.attest(advance)),
        ("issue", None, play.issue),
        ("batch", None, lambda: play.answer_batch(other_side)),
        ("register_changes", None, lambda: play.change_register(other_side)),
        ("mend", sum(play.will_mend(guest) for guest in play.guests), lambda: play.mend(advance)),
        ("clean", None, lambda: play.clean(other_side, advance)),
        ("issue_again", None, play.issue),
        ("duplicates", None, play.find_duplicates),
        ("complaints", None, play.complain),
        ("look_up", None, lambda: play.look_up(advance)),
        ("figures", None, play.count),
        ("audit", None, play.verify_seals),
    ]


def _killing(stack: Stack, part: "_Parts", at: int) -> Advance:
    """Advance; when so many people are done in the morning, cut the server's power and switch it on again."""
    done = 0

    def advance_and_kill(more: int) -> None:
        nonlocal done
        if part.name == "morning":
            before, done = done, done + more
            if before < at <= done:
                stack.kill_server()
                stack.start_server()
        part.advance(more)

    return advance_and_kill


class _Parts:
    """Times each part, shows its bar, keeps its numbers."""

    def __init__(self, result: Result, bars: Progress) -> None:
        self.result, self.bars = result, bars
        self.task: Any = None
        self.name = ""

    @contextmanager
    def __call__(self, name: str, total: int | None = None) -> Iterator[Callable[[dict[str, int]], None]]:
        """One part; yields the function that takes its numbers."""
        self.name = name
        started = time.monotonic()
        self.task = self.bars.add_task(name.replace("_", " "), total=total)
        numbers = self.result.parts.setdefault(name, {})
        yield numbers.update
        self.result.seconds[name] = time.monotonic() - started
        task = self.bars.tasks[self.task]
        self.bars.update(self.task, total=task.total or 1, completed=task.total or 1)

    def advance(self, more: int) -> None:
        """So many more are done."""
        self.bars.advance(self.task, more)


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def _say(result: Result, console: Console, as_json: bool) -> None:
    if as_json:
        click.echo(result.as_json())
    else:
        print_report(result, console)


def _keep_serving(stack: Stack, console: Console) -> None:
    console.print(f"\nServing on [bold]{stack.url}[/bold]. Ctrl+C ends it.")
    try:
        stack.wait()
    except KeyboardInterrupt:
        console.print("Ended.")
