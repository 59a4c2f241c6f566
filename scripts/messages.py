"""Keep the English translations: Vietnamese is the text in the source, English lives in each app's django.po.

Usage:
  python scripts/messages.py extract [APP ...]           list the strings that an app's .po lacks; exit code 1 if any
  python scripts/messages.py extract --write [APP ...]   append them to the .po, to be filled in
  python scripts/messages.py compile                     make the .mo of every app, which Django reads

An app is a folder under tiemchung/. Needs no gettext tools: Babel reads and writes the catalogues.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent / "tiemchung"
PO = Path("locale/en/LC_MESSAGES/django.po")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
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


def _read(path: Path) -> bytes:
    """Return what the extractor reads: Python as it is, a template turned into calls of gettext."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return source.encode()
    calls = templatize(source, origin=str(path))
    return "\n".join(line.strip() for line in calls.splitlines()).encode()


def _sources(app: str) -> Iterator[Path]:
    folder = ROOT / app
    yield from sorted(path for path in folder.rglob("*.py") if "migrations" not in path.parts)
    for suffix in ("html", "txt"):
        yield from sorted((folder / "templates").rglob(f"*.{suffix}"))


def messages(app: str) -> list[Message]:
    """Return the translatable strings of an app, each once, in the order of the source."""
    found: dict[tuple[str, str | None], Message] = {}
    for path in _sources(app):
        for line, text, _, context in extract("python", BytesIO(_read(path)), KEYWORDS):
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
    return [str(entry.id) for entry in catalogue(app) if entry.id and not _same_placeholders(entry.id, entry.string)]


def _same_placeholders(text: Text, english: Text) -> bool:
    source = text if isinstance(text, str) else text[0]
    forms = [english] if isinstance(english, str) else list(english)
    return all(not form or sorted(PLACEHOLDER.findall(form)) == sorted(PLACEHOLDER.findall(source)) for form in forms)


def append(app: str, wanting: list[Message]) -> None:
    """Put the strings into the app's .po with an empty English text."""
    english = catalogue(app)
    for message in wanting:
        text = message.text if isinstance(message.text, str) else tuple(message.text[:2])
        english.add(text, context=message.context)
    path = ROOT / app / PO
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, english, width=110, omit_header=False, sort_output=False)


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
