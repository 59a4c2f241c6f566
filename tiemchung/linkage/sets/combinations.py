"""All that a verdict depends on, packed into one integer, and the answer to each such combination."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tiemchung.linkage.cures import cheapest_cure
from tiemchung.linkage.kinds import DateKind, Kind, NameKind, NumberKind, SexKind
from tiemchung.linkage.verdict import Judgement, judge_kinds, outward_by

NAME_KINDS, DATE_KINDS, SEX_KINDS, FORMS = tuple(NameKind), tuple(DateKind), tuple(SexKind), tuple(NumberKind)
NUMBER_CODES = (NumberKind.RIGHT, NumberKind.OLD_NUMBER, None)  # None: nobody has it
# Column of `judged` → how many values it has. The last three are of the record itself and stay when nobody is found.
FIELDS = {
    "number_code": 4,
    "name_code": 32,
    "date_code": 32,
    "sex_code": 4,
    "two_words": 2,
    "same_family": 2,
    "younger": 2,
    "form": 32,  # of a number, as its place in NumberKind; 0 is no fault
    "states_older": 2,
    "no_name": 2,
}
OWN = 32 * 2 * 2
ANSWER_FIELDS = ("number", "full_name", "birth_date", "sex")


@dataclass(frozen=True, slots=True)
class Combination:
    """The unpacked integer: the facts of `linkage.verdict`, and the kinds."""

    number_code: int
    name_code: int
    date_code: int
    sex_code: int
    two_words: bool
    parents_number: bool  # same family name, born at least 14 years earlier
    form: NumberKind | None
    states_older: bool
    nameless: bool

    @property
    def kinds(self) -> dict[str, Kind] | None:
        """The kind of each field; None where nobody has the number."""
        number = NUMBER_CODES[self.number_code]
        if number is None:
            return None
        return {
            "number": number,
            "full_name": NAME_KINDS[self.name_code],
            "birth_date": DATE_KINDS[self.date_code],
            "sex": SEX_KINDS[self.sex_code],
        }

    @classmethod
    def of(cls, packed: int) -> "Combination":
        """Unpack."""
        values: dict[str, int] = {}
        for name, size in reversed(FIELDS.items()):
            packed, values[name] = divmod(packed, size)
        return cls(
            number_code=values["number_code"],
            name_code=values["name_code"],
            date_code=values["date_code"],
            sex_code=values["sex_code"],
            two_words=values["two_words"] == 1,
            parents_number=values["same_family"] == values["younger"] == 1,
            form=FORMS[values["form"]] if values["form"] else None,
            states_older=values["states_older"] == 1,
            nameless=values["no_name"] == 1,
        )


def packed_sql() -> str:
    """The SQL that packs the columns of a row into one integer."""
    sql = "CAST(0 AS BIGINT)"
    for name, size in FIELDS.items():
        sql = f"({sql} * {size} + {name})"
    return sql


def nobody_sql() -> str:
    """The SQL that makes of a combination the one of the same record where nobody has its number."""
    step = 1
    for size in list(FIELDS.values())[1:]:
        step *= size
    return f"({NUMBER_CODES.index(None) * step} + packed % {OWN})"


Row = tuple[int | str | bool | None, ...]
COLUMNS = ("verdict", *ANSWER_FIELDS, "cure", "inside_only")
OUTWARD_COLUMNS = tuple(f"outward_{name}" for name in ("verdict", *ANSWER_FIELDS, "cure"))


def answers(combinations: Iterable[int]) -> Iterator[Row]:
    """Give (packed, inside answer, outward answer) of each combination, in the order of the columns above."""
    for packed in combinations:
        facts = Combination.of(packed)
        inside = judge_kinds(facts.kinds, facts)
        outside = outward_by(inside, facts)
        yield packed, *_said(inside), inside.inside_only, *_said(outside)


def _said(judgement: Judgement) -> tuple[str | None, ...]:
    kinds = judgement.kinds
    return judgement.verdict.value, *(kinds.get(name) for name in ANSWER_FIELDS), cheapest_cure(judgement)
