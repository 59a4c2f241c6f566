"""The commands about dose rules: explain an answer, list gaps, check a rule file, write the timetable."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from tiemchung.dosing import Answer, DosingError, InputError, Rules
from tiemchung.dosing.requests import Request, read_many

_HOME = ZoneInfo("Asia/Ho_Chi_Minh")


@click.group(name="dosing")
def group() -> None:
    """Dose rules: who is due for what, when and why."""


@group.command()
@click.argument("source", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--rules", "path", type=click.Path(exists=True, dir_okay=False), help="Another campaign's rule file.")
def explain(source: click.utils.LazyFile, as_json: bool, path: str | None) -> None:
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
