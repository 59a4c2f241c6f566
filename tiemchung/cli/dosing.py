"""The commands about dose rules: explain an answer, list gaps, check a rule file, write the timetable."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

import click

from tiemchung.dosing import Answer, DosingError, InputError, Rules
from tiemchung.dosing.coverage import silences
from tiemchung.dosing.requests import Request, read_many
from tiemchung.dosing.timetable import page

_HOME = ZoneInfo("Asia/Ho_Chi_Minh")


@click.group(name="dosing")
def group() -> None:
    """Dose rules: who is due for what, when and why."""


@group.command()
@click.argument("source", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, an object a line.")
@click.option("--rules", "path", type=click.Path(exists=True, dir_okay=False), help="Another campaign's rule file.")
def explain(source: TextIO, as_json: bool, path: str | None) -> None:
    """Answer the questions in FILE (or standard input): JSON objects, one a line, many in, many out."""
    rules = _rules(path)
    refused = 0
    for number, content in read_many(source.read()):
        try:
            click.echo(_answer(rules, content, as_json))
        except InputError as problem:
            refused += 1
            _refuse(problem, number, as_json)
    if refused:
        sys.exit(1)


def _answer(rules: Rules, content: object, as_json: bool) -> str:
    if isinstance(content, InputError):
        raise content
    asked = Request.read(content, today())
    answer = rules.assess(asked.subject, asked.given, area=asked.area, as_of=asked.as_of)
    if not as_json:
        return describe(answer)
    named = {"id": asked.id} if asked.id is not None else {}
    return json.dumps({**named, **answer.to_json()}, ensure_ascii=False)


def _refuse(problem: InputError, number: int, as_json: bool) -> None:
    said = {"line": number, "field": problem.field, **problem.text.to_json()}
    if as_json:
        click.echo(json.dumps({"error": said}, ensure_ascii=False))
    else:
        click.echo(f"{number}: {problem.field}: {problem.text.vi} / {problem.text.en}", err=True)


def today() -> date:
    """The day it is in Viet Nam."""
    return datetime.now(_HOME).date()


def describe(answer: Answer) -> str:
    """Write an answer for reading, Vietnamese first."""
    lines = [f"{answer.as_of:%d/%m/%Y}  {answer.card}" + (" (held)" if answer.held else "")]
    if answer.complete_since:
        lines[0] += f"  đủ liều từ / complete since {answer.complete_since:%d/%m/%Y}"
    for at, dose in enumerate(answer.doses, start=1):
        number = f"{dose.dn}/{dose.sd}" if dose.dn else "–"
        lines.append(f"  {at}. {dose.product or '?'} {dose.date or '?'}  {number}  {dose.label.vi} / {dose.label.en}")
        lines += [f"     ! {found.text.vi} / {found.text.en}" for found in dose.findings]
    if answer.due:
        products = ", ".join(answer.due.products)
        lines.append(f"  → {answer.due.kind} {answer.due.number}: {products} từ / from {answer.due.from_:%d/%m/%Y}")
    lines += [f"  {answer.reason.vi}", f"  {answer.reason.en}"]
    lines += [f"  ? {unknown.ask.vi} / {unknown.ask.en}" for unknown in answer.unknown]
    lines += [f"  * {note.vi} / {note.en}" for note in answer.notes]
    return "\n".join(lines)


def _rules(path: str | None) -> Rules:
    try:
        return Rules.load(Path(path) if path else None)
    except DosingError as problem:
        raise click.ClickException(f"{problem.field}: {problem.text.vi} / {problem.text.en}") from problem


@group.command()
@click.option("--rules", "path", type=click.Path(exists=True, dir_okay=False), help="Another campaign's rule file.")
def check(path: str | None) -> None:
    """Check a rule file: schema, references, overlaps, gaps, dispatches superseded twice."""
    rules = _rules(path)
    click.echo(
        f"{rules.campaign}: {len(rules.rows)} rules, {len(rules.dispatches)} dispatches, {len(rules.products)} products"
    )


@group.command()
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON, an object a line.")
@click.option("--rules", "path", type=click.Path(exists=True, dir_okay=False), help="Another campaign's rule file.")
def gaps(as_json: bool, path: str | None) -> None:
    """List where the rules are silent or the sources contradict each other."""
    rules = _rules(path)
    for name, text in rules.known_gaps:
        click.echo(
            json.dumps({"gap": name, **text.to_json()}, ensure_ascii=False) if as_json else f"{text.vi}\n  {text.en}"
        )
    for silence in silences(rules):
        said = {
            "after": silence.after,
            "age_months": silence.months,
            "from": str(silence.days.start),
            "to": str(silence.days.end),
        }
        words = "{after}, {age_months} tháng tuổi: chưa có quy định / no rule {from} – {to}".format(**said)
        click.echo(json.dumps({"gap": "no_next_rule", **said}) if as_json else words)


@group.command()
@click.option("--rules", "path", type=click.Path(exists=True, dir_okay=False), help="Another campaign's rule file.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The rules of that day; the last known by default.")
def timetable(path: str | None, as_of: datetime | None) -> None:
    """Write the rules of a day as a page of tables."""
    click.echo(page(_rules(path), as_of.date() if as_of else None), nl=False)
