"""How long does this side keep single questions? The rule is data: reference_data/population_retention.yaml."""

from dataclasses import dataclass
from functools import cache

import yaml

from tiemchung.vietnam.reference import reference_file

_FILE = "population_retention.yaml"
_LEAST = 14  # days; a number that nobody had is asked about again within thirteen, and is then no step of a walk


class RetentionRuleError(ValueError):
    """The rule cannot be followed; the message names the word and the cure."""


@dataclass(frozen=True)
class Rule:
    """After how many days a question goes, and of which answers the last one of a record stays."""

    days: int
    last_stays: tuple[str, ...]


@cache
def rule() -> Rule:
    """The rule for single questions. Raises RetentionRuleError."""
    return read(reference_file(_FILE).read_text(encoding="utf-8"))


def read(text: str) -> Rule:
    """Read the rule's text. Raises RetentionRuleError for a time too short for what the questions are kept for."""
    content = yaml.safe_load(text)["questions"]
    found = Rule(int(content["days"]), tuple(content["last_stays"]))
    if found.days < _LEAST:
        raise RetentionRuleError(f"{_FILE}, days: {found.days} is too short for the bounds; give {_LEAST} or more")
    if "wrong" not in found.last_stays:
        raise RetentionRuleError(f"{_FILE}, last_stays: lists of changes name questions answered wrong; add «wrong»")
    return found
