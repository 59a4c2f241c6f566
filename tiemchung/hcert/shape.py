"""A quick yes for vaccinations of the usual shape, which is what a campaign issues by the million.

The rules are the same reference data that `schema` reads, put into one regular expression per shape: text of the
right length in normal form without blanks around it, dates, identifiers. A yes means that `schema.problems` and the
checks of text and identifier in `issuing` find nothing; anything else takes that long way, which says what is wrong.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from unicodedata import is_normalized

from tiemchung.hcert import schema

_PERSON = ("fn", "fnt", "gn", "gnt")
_TOP = frozenset(("ver", "nam", "dob", "v"))
_TEXT = r"\S(?:[^\n]{0,78}\S)?"
_DATE = r"(?:19|20)\d\d-\d\d-\d\d"
_BY_TYPE = {"text": _TEXT, "code": _TEXT, "icao": "[A-Z<]{1,80}", "date": _DATE, "country": "[A-Z]{2}"}
_IDENTIFIER = "URN:UVCI:01:[A-Z]{2}:[A-Z0-9/:]{1,65}"


class _Usual(NamedTuple):
    """The fields of a dose that are text, those that are numbers, and the expression that fits the text."""

    texts: tuple[str, ...]
    numbers: tuple[str, ...]
    keys: frozenset[str]
    expression: re.Pattern[str]


def usual(content: Mapping[str, Any]) -> bool:
    """Whether this is one vaccination with all its required fields and no others, nothing wrong with any."""
    try:
        names, doses = content["nam"], content["v"]
        rules = _rules(tuple(name for name in _PERSON if name in names), len(names))
        if rules is None or content.keys() != _TOP or type(doses) is not list or len(doses) != 1:
            return False
        dose = doses[0]
        person = [names[name] for name in _PERSON if name in names]
        text = "\n".join([content["ver"], content["dob"], *map(dose.__getitem__, rules.texts), *person])
        if dose.keys() != rules.keys or not rules.expression.fullmatch(text) or not is_normalized("NFC", text):
            return False
        date.fromisoformat(content["dob"])
        date.fromisoformat(dose["dt"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return all(type(dose[name]) is int and dose[name] >= 1 for name in rules.numbers)


@cache
def _rules(person: tuple[str, ...], count: int) -> _Usual | None:
    """The rules for a person with these name fields; None where there are other fields, or none for machines."""
    if len(person) != count or not {"fnt", "gnt"} & set(person):
        return None
    fields = schema.fields("v")
    texts = tuple(name for name, rule in fields.items() if rule["type"] != "dose")
    patterns = [r"\d\.\d\.\d", _DATE]
    patterns += [_IDENTIFIER if name == "ci" else _BY_TYPE[fields[name]["type"]] for name in texts]
    patterns += [_BY_TYPE["icao" if name.endswith("t") else "text"] for name in person]
    numbers = tuple(name for name, rule in fields.items() if rule["type"] == "dose")
    return _Usual(texts, numbers, frozenset(fields), re.compile("\n".join(patterns), re.UNICODE))
