"""The sentences of findings, questions and reasons; they lie in `wording.yaml`."""

from functools import cache
from pathlib import Path

import yaml

from tiemchung.dosing.answers import Finding, Unknown
from tiemchung.dosing.text import Text


@cache
def _tables() -> dict[str, dict[str, Text]]:
    content = yaml.safe_load(Path(__file__).with_name("wording.yaml").read_text(encoding="utf-8"))
    return {name: {code: Text(**pair) for code, pair in table.items()} for name, table in content.items()}


def say(table: str, code: str, **names: object) -> Text:
    """Give a sentence with values put in; a Text value goes in by language."""
    text = _tables()[table][code]
    return Text(text.vi.format(**_of(0, names)), text.en.format(**_of(1, names)))


def _of(language: int, names: dict[str, object]) -> dict[str, object]:
    return {key: value[language] if isinstance(value, Text) else value for key, value in names.items()}


def finding(code: str, field: str, *, holds: bool, **names: object) -> Finding:
    """Make a finding of a code."""
    return Finding(code, field, say("findings", code, **names), holds)


def question(code: str, field: str, **names: object) -> Unknown:
    """Make a question of a code."""
    return Unknown(code, field, say("questions", code, **names))
