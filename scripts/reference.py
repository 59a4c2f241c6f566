"""Write the pages of docs/reference that follow from the code: commands, API, error codes, rights, states.

Usage: python scripts/reference.py
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
CLI_HEAD = """# Commands

What `tiemchung COMMAND --help` says, all of it. Written by `scripts/reference.py`; a test keeps it current.

Exit codes, of every command: **0** done, **1** refused with a reason that names the field and the cure in Vietnamese
and English, **2** wrong use (an option that is none, a file that is not there). With `--json` the answer is JSON on
standard output and nothing else is; what is said beside it goes to standard error.
"""
EMBEDDED = """
Where `--embedded` stands, the command takes the installation in that folder (`.run` when none is named), with the
PostgreSQL that comes with the platform; without it, that of the environment ([settings](settings.md)).
"""
API_HEAD = """# The API

What a site's devices and programs of others call. Written by `scripts/reference.py` from the OpenAPI document, which
the platform itself serves at `/api/openapi.json`; a test keeps it current, and another calls every endpoint with right
and wrong input. What stands in an event: [events](events.md). Who may call what: [rights](rights.md).

**Who calls.** A program sends its key, `Authorization: Bearer tc_…` ([accounts](../guide/accounts.md)). A page of the
platform has signed in and sends the CSRF token with each POST.

**When it is refused**, the answer is `{"code", "field", "vi", "en"}`: a code for machines ([all](errors.md)), the field
to mend, and why and how in both languages. 400 cannot be taken, 401 sign in first, 403 not allowed here, 404 not there
or out of scope, 405 another method, 409 a rule or an earlier act is against it, 411 no length, 413 too large, 422
cannot be read, 429 too often (`Retry-After` says for how long), 503 not ready.
"""


def pages() -> dict[Path, Callable[[], str]]:
    """Each page that is written, with what makes its text. Django must be ready."""
    from scripts import error_codes, rights, states

    return {
        REFERENCE / "cli.md": commands,
        REFERENCE / "api.md": endpoints,
        REFERENCE / "errors.md": error_codes.page,
        rights.TARGET: rights.page,
        states.TARGET: states.drawing,
        states.CLEANING: states.drawing_of_cleaning,
        states.COMPLAINTS: states.drawing_of_complaints,
    }


# COMMANDS


def commands() -> str:
    """The page of commands."""
    from tiemchung.cli.main import group

    parts, top = [CLI_HEAD + EMBEDDED], ""
    for path, command in walk(group, ("tiemchung",)):
        if len(path) == 1:
            continue
        level = "##" if path[1] != top else "###"
        top = path[1]
        parts.append(f"\n{level} `{' '.join([*path, *_arguments(command)])}`\n\n{_words(command)}{_options(command)}")
    return "".join(parts)


def walk(command: Any, path: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], Any]]:
    """Every command with the words that call it, groups before what is in them."""
    import click

    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            yield from walk(found, (*path, name))


def _arguments(command: Any) -> list[str]:
    import click

    context = click.Context(command)
    return [one.make_metavar(context) for one in command.params if isinstance(one, click.Argument)]


def _words(command: Any) -> str:
    paragraphs = (command.help or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip()) + "\n"


def _options(command: Any) -> str:
    rows = [_row(command, option) for option in _shown(command)]
    return "\n| Option | What |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else ""


def _shown(command: Any) -> list[Any]:
    import click

    return [one for one in command.params if isinstance(one, click.Option) and not one.hidden]


def _row(command: Any, option: Any) -> str:
    import click

    spelt = ", ".join(f"`{each}`" for each in [*option.opts, *option.secondary_opts])
    value = "" if option.is_flag else f" {_cell(option.make_metavar(click.Context(command)))}"
    said = option.help or ""
    if option.required:
        said = f"{said} **Needed.**"
    elif option.show_default and not option.is_flag and option.default is not None:
        said = f"{said} Without it: `{option.default}`."
    return f"| {spelt}{value} | {_cell(said)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# API


def endpoints() -> str:
    """The page of the API."""
    from tiemchung.api.urls import api

    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    parts = [API_HEAD]
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            parts.append(f"\n## `{method.upper()} {path}`\n\n{call['description']}\n\n{_exchange(call)}")
    parts.append("\n## What is sent and answered\n")
    parts += [_form(name, form) for name, form in sorted(document["components"]["schemas"].items())]
    return "".join(parts)


def _exchange(call: dict[str, Any]) -> str:
    answers = call["responses"]
    given = _type(answers["200"]["content"]["application/json"]["schema"])
    refused = ", ".join(sorted(code for code in answers if code != "200"))
    sent = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    lines = [f"Sent: {_type(sent)}."] if sent else []
    return "  \n".join([*lines, f"Answered: {given}.", f"Refused with {refused}: `Refusal`."]) + "\n"


def _form(name: str, form: dict[str, Any]) -> str:
    head = f"\n### {name}\n\n{' '.join(form.get('description', '').split())}\n"
    if "enum" in form:
        return head + "\nOne of " + ", ".join(f"`{each}`" for each in form["enum"]) + ".\n"
    needed = form.get("required", [])
    rows = [
        f"| `{field}` | {_type(each)}{'' if field in needed else ', may be left out'} | {each.get('description', '')} |"
        for field, each in form.get("properties", {}).items()
    ]
    return head + "\n| Field | Type | What |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"`{schema['$ref'].rsplit('/', 1)[-1]}`"
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    bound = f", at most {schema['maxLength']:,} characters" if "maxLength" in schema else ""
    return str(schema.get("format") or schema.get("type") or "any value") + bound


def prepare() -> None:
    """Make Django ready, without a database."""
    import django

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DATABASE_URL", "postgresql:///none")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()


def main() -> None:
    """Write the pages."""
    prepare()
    for path, text in pages().items():
        path.write_text(text(), encoding="utf8")
        print(f"{path.relative_to(ROOT)} written")


if __name__ == "__main__":
    main()
