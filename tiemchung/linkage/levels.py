"""The levels of agreement by field, and a pair's levels as one number: each field is a digit of it.

One number is grouped, joined and kept in a fraction of the time that a row of words takes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.estimate import CONTRADICTION, Pattern, starting_m
from tiemchung.linkage.statements import statement


@dataclass(frozen=True, slots=True)
class LevelCodes:
    """The compared fields in their order, and the levels of each; level number 0 is silence."""

    fields: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, config: LinkConfig) -> "LevelCodes":
        """Make it of the fields that a configuration compares."""
        fields = compared_fields(config)
        return cls(fields, {field: _levels_of(field) for field in fields})

    def pattern(self, code: int) -> Pattern:
        """Give the levels in words; None where one side is silent."""
        found: list[str | None] = []
        for field in self.fields:
            code, digit = divmod(code, len(self.levels[field]) + 1)
            found.append(self.levels[field][digit - 1] if digit else None)
        return tuple(found)

    def digit(self, field: str) -> str:
        """Give the SQL that takes the number of a field's level out of the column `pattern`; 0 for no such field."""
        if field not in self.fields:
            return "0"
        return f"(pattern // {self._unit(field)} % {len(self.levels[field]) + 1})"

    def numbers(self, field: str, named: Collection[str]) -> str:
        """Give the numbers of some levels as an SQL list; one that never occurs for a field that is not compared."""
        known = self.levels.get(field, ())
        return ", ".join(str(place) for place, level in enumerate(known, 1) if level in named) or "-1"

    def sql(self, expressions: Mapping[str, str]) -> str:
        """Give the SQL of the whole number from that of each field's level."""
        return "\n+ ".join(f"{self._unit(field)} * CAST({expressions[field]} AS BIGINT)" for field in self.fields)

    def _unit(self, field: str) -> int:
        unit = 1
        for each in self.fields:
            if each == field:
                break
            unit *= len(self.levels[each]) + 1
        return unit


def compared_fields(config: LinkConfig) -> tuple[str, ...]:
    """Give the fields of a pattern in their order."""
    single = config.left.single
    has_name = bool(single.keys() & {"full_name", "family", "given"})
    own = (("name", has_name), ("birth_date", "birth_date" in single), ("sex", "sex" in single))
    numbered = ("number", bool(config.left.numbers and config.right.numbers))
    named = [field for field, there in (*own, numbered) if there]
    contradiction = [CONTRADICTION] if config.cccd_numbers and config.left.numbers else []
    return (*named, *(name for name, _ in config.left.texts), *contradiction)


def pattern_sql(config: LinkConfig, codes: LevelCodes, *, names_alike: bool = False, some_crowded: bool = False) -> str:
    """Give the SQL that compares the people `l` and `r` and makes the number of their levels.

    Where `names_alike`, it is for people whose names are written alike, and no form of a name is looked at. Where there
    are `some_crowded` numbers, in the table `crowded_numbers`, these count as silence.
    """
    texts = {name for name, _ in config.left.texts}
    words = {"shared_number": shared_number(config, some_crowded=some_crowded), **_digits()}
    words["is_crowded"] = " OR ".join(_is_crowded(f"{one}.number_1") for one in "lr") if some_crowded else "FALSE"
    words |= {word: statement(f"names_{word}") for word in ("nearly", "exchanged")}
    names = {field: _level_of_text(field) if field in texts else f"level_{field}" for field in codes.fields}
    if names_alike and "name" in names:
        names["name"] = "level_name_alike"
    return codes.sql({field: _level_sql(field, name, codes.levels[field], words) for field, name in names.items()})


def _digits() -> dict[str, str]:
    """The digits of the birth dates of both sides, in how many of these they differ, and whether by one slip."""
    digits = {f"{side}_digits": statement("digits_of", person=side[0]) for side in ("left", "right")}
    digits["unlike_digits"] = statement("unlike_digits", **digits)
    return digits | {"one_slip": statement("one_slip", **digits)}


def _level_of_text(field: str) -> str:
    return "level_age" if field.startswith("age_") else "level_text"


def shared_number(config: LinkConfig, *, some_crowded: bool = False) -> str:
    """Give the SQL for «any number of one is a number of the other»; a crowded one is nobody's."""
    return " OR ".join(same_number(*pair, some_crowded=some_crowded) for pair in number_columns(config)) or "FALSE"


def same_number(left: str, right: str, *, some_crowded: bool) -> str:
    """Give the SQL for «this number of `l` is that of `r`»; a crowded one is nobody's."""
    own = f" AND NOT ({_is_crowded(f'l.{left}')})" if some_crowded else ""
    return f"(l.{left} = r.{right}{own})"


def _is_crowded(column: str) -> str:
    return statement("is_crowded", column=column)


def number_columns(config: LinkConfig) -> Sequence[tuple[str, str]]:
    """Give each number column of the left with each of the right."""
    lefts, rights = (range(1, len(side.numbers) + 1) for side in (config.left, config.right))
    return [(f"number_{one}", f"number_{other}") for one in lefts for other in rights]


def _level_sql(field: str, name: str, levels: Sequence[str], words: Mapping[str, str]) -> str:
    numbers = {level: str(place) for place, level in enumerate(levels, 1)}
    return statement(name, column=field, **words, **numbers)


def _levels_of(field: str) -> tuple[str, ...]:
    return ("both",) if field == CONTRADICTION else tuple(starting_m(field))
