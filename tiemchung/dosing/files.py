"""Reading rule files: YAML checked against the schema that lies beside this code."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from tiemchung.dosing.errors import RuleFileError
from tiemchung.dosing.text import Text

SCHEMAS = Path(__file__).parent / "schema"
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, ten times faster, where libyaml is built in


def read(source: Path, schema: str) -> dict[str, Any]:
    """Read a YAML file that fits a schema (`rules`, `catalogue`, `dispatches`); RuleFileError otherwise."""
    try:
        return check(yaml.load(source.read_text(encoding="utf-8"), Loader=LOADER), schema, source.name)  # noqa: S506
    except (OSError, yaml.YAMLError) as problem:
        raise RuleFileError(source.name, _unreadable(source, problem)) from problem


def part(value: str | dict[str, Any], folder: Path, schema: str) -> dict[str, Any]:
    """Read a part of a rule file: written in it, or in another file that it names."""
    return read(folder / value, schema) if isinstance(value, str) else check(value, schema, schema)


def check(content: Any, schema: str, name: str) -> dict[str, Any]:
    """Check content against a schema and give it back; RuleFileError names the first misfit's place."""
    try:
        _validator(schema).validate(_as_json(content))
    except jsonschema.ValidationError as problem:
        raise RuleFileError(f"{name}:{_place(problem, content)}", _misfit(problem)) from None
    return dict(content)


@cache
def _validator(schema: str) -> Any:
    text = (SCHEMAS / f"{schema}.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _place(problem: jsonschema.ValidationError, content: Any) -> str:
    place, inside = [], content
    for step in problem.absolute_path:
        inside = inside[step]
        named = inside.get("id", inside.get("code")) if isinstance(inside, dict) else None
        place.append(str(named or step))
    return ".".join(place) or "?"


def _misfit(problem: jsonschema.ValidationError) -> Text:
    return Text(
        f"Mục này chưa đúng mẫu: {problem.message}. Sửa theo tệp mẫu trong dosing/schema.",
        f"This entry does not fit: {problem.message}. Correct it by the schema in dosing/schema.",
    )


def _unreadable(source: Path, problem: Exception) -> Text:
    return Text(
        f"Chưa đọc được tệp {source}: {problem}. Kiểm tra đường dẫn và cú pháp YAML.",
        f"The file {source} cannot be read: {problem}. Check the path and the YAML.",
    )
