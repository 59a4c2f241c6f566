"""Are number, name, birth date and sex those of one citizen? Pure: the caller brings the citizens that have the number.

The rule of what may be said (docs/adr/0007): a field is right, or wrong with the kind of difference; a number that
plainly belongs to somebody else reads the same as a number that nobody has.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tiemchung.vietnam.dates import PartialDate, Precision
from tiemchung.vietnam.names import fold, match_key, written_key


@dataclass(frozen=True)
class Asked:
    """What the asker says of a person. Birth date as YYYY, YYYY-MM or YYYY-MM-DD."""

    number: str
    full_name: str
    birth_date: PartialDate
    sex: str


@dataclass(frozen=True)
class Known:
    """What the register knows of a citizen who has that number."""

    handle: str
    full_name: str
    birth_date: PartialDate
    sex: str


@dataclass(frozen=True)
class Answer:
    """The verdict; a handle only on right; the kind of difference of each wrong field, never its value."""

    verdict: str
    fields: dict[str, str] = field(default_factory=dict)  # field → right, or the kind of difference
    handle: str = ""

    def as_json(self) -> dict[str, object]:
        """As it goes over the wire and into the store."""
        return {"verdict": self.verdict, "fields": self.fields, "handle": self.handle}


NOBODY = Answer("unknown")
RIGHT = "right"
NAME_PARTS = frozenset({"part_missing", "part_differs"})


def answer(asked: Asked, known: Iterable[Known]) -> Answer:
    """Give the verdict. A number of two citizens is right for the one whom all fields fit, else unknown."""
    candidates = [_compare(asked, one) for one in known]
    right = [one for one in candidates if one.verdict == RIGHT]
    if right:
        return right[0]
    if len(candidates) == 1:
        return candidates[0]
    return NOBODY


def _compare(asked: Asked, known: Known) -> Answer:
    fields = {
        "full_name": name_kind(asked.full_name, known.full_name),
        "birth_date": date_kind(asked.birth_date, known.birth_date),
        "sex": RIGHT if asked.sex == known.sex else "other",
    }
    if all(kind == RIGHT for kind in fields.values()):
        return Answer(RIGHT, {"number": RIGHT, **fields}, known.handle)
    if _is_somebody_else(fields):
        return NOBODY
    return Answer("wrong", {"number": RIGHT, **fields})


def _is_somebody_else(fields: dict[str, str]) -> bool:
    """A wholly other name; a name of which a part is other, without the right birth date; both unlike.

    Whoever knows neither the whole name nor the birth date must not learn that he guessed a part of either.
    """
    name, born = fields["full_name"], fields["birth_date"]
    return name == "other" or (name in NAME_PARTS and born != RIGHT) or (name != RIGHT and born == "other")


def name_kind(asked: str, known: str) -> str:
    """Say how two names differ: right, y_or_i, accents_lost, order, part_missing, part_differs or other."""
    if written_key(asked) == written_key(known):
        return RIGHT
    if match_key(asked) == match_key(known):
        return "y_or_i"
    one, other = fold(asked).split(), fold(known).split()
    if one == other:
        return "accents_lost"
    if sorted(one) == sorted(other):
        return "order"
    shared = set(one) & set(other)
    if len(shared) < 2 or len(shared) * 2 < max(len(one), len(other)):
        return "other"
    return "part_missing" if shared in (set(one), set(other)) else "part_differs"


def date_kind(asked: PartialDate, known: PartialDate) -> str:
    """Say how two birth dates differ: right, year_only, day_month_swapped, first_of_january, near or other."""
    if known.precision != Precision.DAY:
        return RIGHT if asked.possibly_same(known) else _unlike(asked, known)
    if asked == known:
        return RIGHT
    if asked.possibly_same(known):
        return "year_only"
    return _unlike(asked, known)


def _unlike(asked: PartialDate, known: PartialDate) -> str:
    if (asked.year, asked.day, asked.month) == (known.year, known.month, known.day):
        return "day_month_swapped"
    if asked.year == known.year and (asked.day, asked.month) == (1, 1):
        return "first_of_january"
    same = sum((asked.year == known.year, asked.month == known.month, asked.day == known.day))
    return "near" if same == 2 or abs(asked.year - known.year) == 1 else "other"
