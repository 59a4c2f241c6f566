"""Keep the English translations: Vietnamese is the text in the source, English lives in each app's django.po.

Usage:
  python scripts/messages.py extract [APP ...]           list the strings that an app's .po lacks; exit code 1 if any
  python scripts/messages.py extract --write [APP ...]   append them to the .po, to be filled in
  python scripts/messages.py compile                     make the .mo of every app, which Django reads

An app is a folder under tiemchung/. Needs no gettext tools: Babel reads and writes the catalogues.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent / "tiemchung"
PO = Path("locale/en/LC_MESSAGES/django.po")
# The calls of code: has it a context as first argument, and which arguments are texts?
CALLS: dict[str, tuple[bool, tuple[int, ...]]] = {"_": (False, (0,))}
for _end in ("", "_lazy", "_noop"):
    CALLS |= {f"gettext{_end}": (False, (0,)), f"ngettext{_end}": (False, (0, 1))}
    CALLS |= {f"pgettext{_end}": (True, (1,)), f"npgettext{_end}": (True, (1, 2))}
BOILERPLATE = re.compile(r'"(Project-Id|Report|POT-|PO-|Last-Tr|Language-Team|Generated)')
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}")

Text = str | tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """A translatable string: its text (two texts when it has a plural), its context, and where it stands first."""

    text: Text
    context: str | None
    place: str

    @property
    def key(self) -> tuple[str, str | None]:
        """What a catalogue finds it by."""
        return (self.text if isinstance(self.text, str) else self.text[0], self.context)


def apps() -> list[str]:
    """Return the folders under tiemchung/ that hold code or templates."""
    return sorted(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "__")))


Found = tuple[int, Text, str | None]


def _in_template(path: Path) -> Iterator[Found]:
    """Find what a template marks: Django turns its tags into calls of gettext, Babel reads those."""
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    stripped = "\n".join(line.strip() for line in calls.splitlines())
    for line, text, _, context in extract("python", BytesIO(stripped.encode()), DEFAULT_KEYWORDS):
        yield line, text, context


def _in_code(path: Path) -> Iterator[Found]:
    """Find the calls of gettext in code, those inside f-strings included, which Babel does not see."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and (form := CALLS.get(_name(node.func))) is not None:
            context, texts = form
            words = [part.value for part in node.args if isinstance(part, ast.Constant)]
            if len(words) >= max(texts) + 1:
                found = tuple(str(words[at]) for at in texts)
                yield node.lineno, found if len(found) > 1 else found[0], str(words[0]) if context else None


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _sources(app: str) -> Iterator[Path]:
    folder = ROOT / app
    yield from sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)
    for suffix in ("html", "txt"):
        yield from sorted((folder / "templates").rglob(f"*.{suffix}"))


def messages(app: str) -> list[Message]:
    """Return the translatable strings of an app, each once, in the order of the source."""
    found: dict[tuple[str, str | None], Message] = {}
    for path in _sources(app):
        read = _in_code if path.suffix == ".py" else _in_template
        for line, text, context in read(path):
            message = Message(text, context, f"{path.relative_to(ROOT.parent)}:{line}")
            found.setdefault(message.key, message)
    return list(found.values())


def catalogue(app: str) -> Catalog:
    """Read an app's English catalogue; an empty one when there is none yet."""
    path = ROOT / app / PO
    if not path.exists():
        return Catalog(locale="en", project="tiemchung", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def said(app: str) -> dict[tuple[str, str | None], str]:
    """What an app's catalogue says in English, by text and context; of a text with a plural its forms, one a line."""
    entries = [entry for entry in catalogue(app) if entry.id]
    return {(_forms(entry.id)[0], entry.context): "\n".join(_forms(entry.string)) for entry in entries}


def is_translated(message: Message, english: Catalog) -> bool:
    """Has the string an English text in every form, not marked fuzzy?"""
    entry = english.get(message.key[0], message.context)
    if entry is None or entry.fuzzy:
        return False
    return all(entry.string) if isinstance(entry.string, tuple | list) else bool(entry.string)


def missing(app: str) -> list[Message]:
    """Return the strings of an app that lack an English text."""
    english = catalogue(app)
    return [message for message in messages(app) if not is_translated(message, english)]


def broken(app: str) -> list[str]:
    """Return the strings whose English text has other placeholders than the Vietnamese one."""
    return [str(entry.id) for entry in catalogue(app) if entry.id and not _same_placeholders(entry)]


def _forms(text: str | Sequence[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or [])


def _same_placeholders(entry: Entry) -> bool:
    wanted = sorted(PLACEHOLDER.findall(_forms(entry.id)[0]))
    return all(sorted(PLACEHOLDER.findall(form)) == wanted for form in _forms(entry.string) if form)


def append(app: str, wanting: list[Message]) -> None:
    """Put the strings into the app's .po with an empty English text."""
    english = catalogue(app)
    for message in wanting:
        text = message.text if isinstance(message.text, str) else tuple(message.text[:2])
        english.add(text, context=message.context)
    path = ROOT / app / PO
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_po(english), encoding="utf-8")


def as_po(english: Catalog) -> str:
    """Write a catalogue as text: its strings, and of the header only what readers of the file need."""
    english.fuzzy, english.header_comment = False, ""
    written = BytesIO()
    write_po(written, english, width=110)
    lines = written.getvalue().decode().lstrip("\n").splitlines(keepends=True)
    return "".join(line for line in lines if not BOILERPLATE.match(line))


def compile_all() -> int:
    """Make the .mo of every app and return how many were made."""
    made = 0
    for path in sorted(ROOT.glob(f"*/{PO}")):
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale="en"))
        made += 1
    return made


def report(names: list[str], write: bool) -> int:
    """List what each app lacks; return 1 when something is lacking."""
    lacking = 0
    for app in names or apps():
        wanting = missing(app)
        lacking += len(wanting)
        sys.stdout.write("".join(f"{message.place}: {message.text}\n" for message in wanting))
        if write and wanting:
            append(app, wanting)
    sys.stdout.write(f"{lacking} strings lack an English text\n")
    return 1 if lacking else 0


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    extracting = commands.add_parser("extract")
    extracting.add_argument("apps", nargs="*", metavar="APP")
    extracting.add_argument("--write", action="store_true", help="append them to the .po")
    commands.add_parser("compile")
    options = parser.parse_args(arguments)
    if options.command == "extract":
        return report(options.apps, options.write)
    sys.stdout.write(f"{compile_all()} catalogues compiled\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
