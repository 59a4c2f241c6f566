"""Collect every code that is said when something is refused: docs/reference/errors.md, by scripts/reference.py."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "tiemchung"
# What each kind of error is called, and the status that goes with it over HTTP.
KINDS = {
    "InvalidInputError": "422",
    "NotFoundError": "404",
    "NotAllowedError": "403",
    "ConflictError": "409",
    "TooManyError": "429",
    "RefusedError": "400",
    "InputError": "422",
    "LinkageError": "422",
    "Finding": "finding",
}
WORDS = ("code", "field", "vi", "en")  # in the order in which an error takes them
HEAD = """# Error codes

Whatever is refused says a code for machines, the field to mend, and why and how in Vietnamese and English. Written by
`scripts/reference.py` from the code; a test keeps it current. On a page the words stand at the field; a command prints
them and ends with 1; the API answers `{"code", "field", "vi", "en"}` with the status below
(`tiemchung/ground/errors.py`).

422 cannot be read or cannot be true · 404 not there, or not in this account's scope: the two read alike · 403 this
account may not · 409 a rule or an earlier act is against it · 429 too often for now · 400 anything else.

`…` stands for what the occasion fills in. Certificates have [codes of their own](hcert.md#codes); dose rules answer
with verdicts ([words](../../tiemchung/dosing/wording.yaml)). What would stop an act before it happened is recorded with
it afterwards, as a finding of the same code ([events](events.md)); *finding* marks what is never more than that.
"""
OTHERWISE = "dosing"  # its errors have a field and words, and no code
SIDES = {
    "vietnam": "Identity numbers, names, dates, phones, scanned codes (`tiemchung.vietnam`)",
    "linkage": "Matching of files (`tiemchung.linkage`)",
    "population": "The population side",
}


@dataclass(frozen=True, order=True)
class Said:
    """One code as one place of the code says it."""

    code: str
    status: str
    field: str
    en: str


@dataclass(frozen=True)
class Maker:
    """What makes an error: a class, or a function of the file; the words that it takes in order, and those it knows."""

    status: str
    words: tuple[str, ...]
    known: dict[str, str]


def page() -> str:
    """The whole page."""
    rooms: dict[str, set[Said]] = {}
    for path in sorted(CODE.rglob("*.py")):
        room = path.relative_to(CODE).parts[0]
        if room != OTHERWISE:
            rooms.setdefault(room, set()).update(found(path.read_text("utf8")))
    parts = [HEAD]
    for room, said in sorted(rooms.items()):
        if said:
            head = "| Code | Status | Field | What it says |\n|---|---|---|---|\n"
            parts.append(f"\n## {SIDES.get(room, room.capitalize())}\n\n{head}")
            parts.append("\n".join(_row(each) for each in sorted(said)) + "\n")
    return "".join(parts)


def found(source: str) -> Iterator[Said]:
    """What one file says where its code stands in it as text, be it through a function that only makes the error."""
    tree = ast.parse(source)
    constants, makers = _constants(tree), {name: Maker(status, WORDS, {}) for name, status in KINDS.items()}
    for function in [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]:
        for maker in _makers(function, constants):
            makers[function.name] = maker
    for call in [each for each in ast.walk(tree) if isinstance(each, ast.Call)]:
        if maker := makers.get(_name(call.func)):
            said = maker.known | _given(call, maker.words, constants)
            if re.fullmatch(r"[\w…]*\w\w[\w…]*", said.get("code", "")):
                yield Said(said["code"], maker.status, said.get("field", ""), said.get("en", ""))


def _makers(function: ast.FunctionDef, constants: dict[str, str]) -> Iterator[Maker]:
    """A function that does nothing but make one kind of error, with a code that its caller names."""
    made = function.body[-1].value if isinstance(function.body[-1], ast.Return) else None
    if isinstance(made, ast.Call) and (status := KINDS.get(_name(made.func))):
        words = tuple(each.arg for each in function.args.args)
        known = _given(made, WORDS, constants)
        if "code" in words and known.pop("code", "") == "…":
            yield Maker(status, words, {name: text for name, text in known.items() if name == "field"})


def _given(call: ast.Call, words: tuple[str, ...], constants: dict[str, str]) -> dict[str, str]:
    positional = {word: _text(node, constants) for word, node in zip(words, call.args, strict=False)}
    return positional | {each.arg: _text(each.value, constants) for each in call.keywords if each.arg}


def _constants(tree: ast.Module) -> dict[str, str]:
    """Texts that the file gives a name."""
    return {
        each.targets[0].id: each.value.value
        for each in tree.body
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
        and isinstance(each.value, ast.Constant) and isinstance(each.value.value, str)
    }  # fmt: skip


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _text(node: ast.expr, constants: dict[str, str]) -> str:
    """What an expression says: text as it is, and … for whatever is filled in."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(each, constants) for each in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left, constants) + _text(node.right, constants)
    return constants.get(node.id, "…") if isinstance(node, ast.Name) else "…"


def _row(said: Said) -> str:
    cells: Iterable[str] = (
        f"`{said.code}`",
        said.status,
        f"`{said.field}`" if said.field.strip("…") else said.field,
        said.en,
    )
    return "| " + " | ".join(re.sub(r"\s+", " ", each).replace("|", "\\|") for each in cells) + " |"
