"""Both registers in the forms that are compared: each distinct word, date and sex is worked on once."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from tiemchung.linkage.config import MAX_NUMBERS, LinkConfig, SideColumns
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.statements import statement
from tiemchung.linkage.store import Store, readable, source
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.sex import Sex

_SEXES = {
    **dict.fromkeys(("male", "m", "man", "nam", "1", "1.0"), Sex.MALE.value),
    **dict.fromkeys(("female", "f", "woman", "nữ", "nu", "2", "2.0"), Sex.FEMALE.value),
    **dict.fromkeys(
        ("unknown", "unk", "u", "x", "0", "0.0", "9", "9.0", "-", "?", "khác", "other", "nan", "none"), None
    ),
}
# Eight digits, or digits between signs.
_YEAR_FIRST = re.compile(r"((?:18|19|20)\d\d)(?=\d{4}$|[-/.])[-/.]?(\d\d?)[-/.]?(\d\d?)")
_TWO_AND_YEAR = re.compile(r"(\d\d?)[-/. ](\d\d?)[-/. ]((?:18|19|20)\d\d)")
_YEAR_LIKE_FIRST = re.compile(r"(\d{4})-?(\d\d?)-?(\d\d?)")
_TIME_OF_DAY = re.compile(r"(?<=\d)([T ]\d\d?:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d*)?|\.0+)$")
_TONE_PLACES = tuple(
    (first, second, toned_first, toned_second)
    for first, second, firsts, seconds in (
        ("o", "a", "òóỏõọ", "àáảãạ"),
        ("o", "e", "òóỏõọ", "èéẻẽẹ"),
        ("u", "y", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for toned_first, toned_second in zip(firsts, seconds, strict=True)
)
_WORD_ORDER = {"family_first": ("first_word", "last_word"), "given_first": ("last_word", "first_word")}


def normalise(store: Store, left: Path, right: Path | None, config: LinkConfig) -> None:
    """Make left_people, right_people (the same ones without `right`) and the shares of their names.

    Raises LinkageError naming column or file.
    """
    read = [("left", left, config.left), *([("right", right, config.right)] if right else [])]
    for side, path, columns in read:
        _read(store, side, path, columns)
    _fill_all_forms(store, [side for side, *_ in read])
    family_word, given_word = _WORD_ORDER[config.name_order]
    for side, *_ in read:
        store.run("people", side=side, family_word=family_word, given_word=given_word, others=_others(config))
    if right is None:
        store.run("same_people")
    for column in share_columns(config):
        store.run("shares", column=column)


def _fill_all_forms(store: Store, sides: Sequence[str]) -> None:
    store.run("texts", texts=_of_each_side(sides, "full_name", "family", "given"))
    for side in sides:
        written = [text for (text,) in store.rows("distinct_birth_dates", side=side)]
        month_first = writes_month_first(written)
        _fill_forms(store, f"{side}_date_forms", "digits", ((text, date_digits(text, month_first)) for text in written))
    sexes = store.rows("distinct_texts", texts=_of_each_side(sides, "sex"))
    _fill_forms(store, "sex_forms", "form", ((text, sex_form(text)) for (text,) in sexes))
    store.run("names", tones=_old_tones("small"))


def _of_each_side(sides: Sequence[str], *columns: str) -> str:
    return "\nUNION ".join(statement("texts_of", side=side, column=column) for side in sides for column in columns)


def share_columns(config: LinkConfig) -> tuple[str, ...]:
    """Give the columns whose values' shares count: agreement on a rare one says more."""
    return ("sorted", "family", "given", "birth", *(name for name, _ in config.left.texts))


def _old_tones(column: str) -> str:
    """SQL that writes hoà as hòa, hoàn as hòan: one writing for both places of the tone, wherever it stands."""
    for first, second, toned_first, toned_second in _TONE_PLACES:
        column = f"replace({column}, '{first}{toned_second}', '{toned_first}{second}')"
    return column


def sex_form(written: str) -> str | None:
    """Give the word for a sex; codes of other registers stay as they are, so that equal ones agree."""
    plain = written.strip().lower()
    return _SEXES.get(plain, plain)


def writes_month_first(written: Iterable[str]) -> bool:
    """Whether a register writes 12/31/1960: dates that can only be read so are many more than the others."""
    halves = [(int(found[1]), int(found[2])) for text in written if (found := _TWO_AND_YEAR.match(text))]
    month_first = sum(month <= 12 < day for month, day in halves)
    return month_first > 4 * sum(month <= 12 < day for day, month in halves)


def date_digits(written: str, month_first: bool = False) -> str | None:
    """Give yyyymmdd, unknown parts as 00; None for what is no date and no eight digits.

    Year first, digits that are no real day stay as they are: one slip may lie between them and the right ones.
    """
    text = _TIME_OF_DAY.sub("", written.strip())
    found = _YEAR_FIRST.fullmatch(text)
    # No month is 19 or 20: in a run of digits the year then stands last, as in 19121966.
    if found and not (text.isdigit() and found[2] in ("19", "20")):
        return f"{found[1]}{found[2]:0>2}{found[3]:0>2}"
    if month_first:
        text = _TWO_AND_YEAR.sub(r"\2/\1/\3", text)
    return _digits_of_date(text)


def _digits_of_date(text: str) -> str | None:
    day, other = _parsed_date(text), _TWO_AND_YEAR.sub(r"\2/\1/\3", text)
    day = day or _parsed_date(other)
    return f"{day.year:04}{day.month or 0:02}{day.day or 0:02}" if day else _impossible_day(text)


def _parsed_date(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text)
    except InputError:
        return None


def _impossible_day(text: str) -> str | None:
    """31/02/1960 and 9185-10-14 are no days, but their digits still are one slip away from the right ones."""
    if found := _TWO_AND_YEAR.fullmatch(text):
        return f"{found[3]}{found[2]:0>2}{found[1]:0>2}"
    found = _YEAR_LIKE_FIRST.fullmatch(text)
    return f"{found[1]}{found[2]:0>2}{found[3]:0>2}" if found else None


def _read(store: Store, side: str, path: Path, columns: SideColumns) -> None:
    with readable(path.name):
        found = {name for name, *_ in store.rows("columns", source=source(path))}
    single = (column for role in columns.single.values() for column in role)
    named = (columns.id, *single, *columns.numbers, *(column for _, column in columns.texts))
    absent = next((column for column in named if column not in found), None)
    if absent is not None:
        raise LinkageError(
            "column_absent",
            absent,
            f"Tệp {path.name} không có cột «{absent}». Có các cột: {', '.join(sorted(found))}.",
            f"{path.name} has no column “{absent}”. It has: {', '.join(sorted(found))}.",
        )
    listed = ", ".join(_raw_columns(columns))
    with readable(path.name):
        store.run("raw", side=side, id=_quoted(columns.id), columns=listed, source=source(path))
    _refuse_doubles(store, side, path)


def _refuse_doubles(store: Store, side: str, path: Path) -> None:
    ((rows, ids),) = store.rows("id_counts", side=side)
    if rows != ids:
        raise LinkageError(
            "id_not_unique",
            "id",
            f"Cột mã của tệp {path.name} có {rows - ids} giá trị trống hoặc trùng. Mỗi dòng cần một mã riêng.",
            f"The id column of {path.name} has {rows - ids} values that are empty or double. Each row needs its own.",
        )


def _raw_columns(columns: SideColumns) -> Iterable[str]:
    single = columns.single
    parts = [column for role in ("family", "middle", "given") for column in single.get(role, ())]
    yield f"{_joined(single.get('full_name') or parts)} AS full_name"
    yield from (f"{_joined(single.get(role, ()))} AS {role}" for role in ("family", "given"))
    yield f"{_birth_date(single.get('birth_date', ()))} AS birth_date"
    yield f"{_joined(single.get('sex', ())[:1])} AS sex"
    for place in range(MAX_NUMBERS):
        number = _text(columns.numbers[place]) if place < len(columns.numbers) else _NOTHING
        yield f"{number} AS number_{place + 1}"
    for name, column in columns.texts:
        yield f"lower({_text(column)}) AS {name}"


_NOTHING = "CAST(NULL AS VARCHAR)"


def _joined(columns: Sequence[str]) -> str:
    """Columns with a space between them; NULL where all are empty."""
    if not columns:
        return _NOTHING
    return f"nullif(concat_ws(' ', {', '.join(map(_text, columns))}), '')"


def _birth_date(columns: Sequence[str]) -> str:
    """A date in one column, or year, month and day in three; where the year is missing there is none."""
    if len(columns) < 3:
        return _text(columns[0]) if columns else _NOTHING
    year, month, day = map(_text, columns)
    return f"{year} || '-' || coalesce({month}, '0') || '-' || coalesce({day}, '0')"


def _text(column: str) -> str:
    return f"nullif(trim(CAST({_quoted(column)} AS VARCHAR)), '')"


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _others(config: LinkConfig) -> str:
    numbers = (statement("number_column", column=f"number_{place + 1}") for place in range(MAX_NUMBERS))
    return ", ".join((*numbers, *(f"raw.{name}" for name, _ in config.left.texts)))


def _fill_forms(store: Store, table: str, column: str, forms: Iterable[tuple[str, str | None]]) -> None:
    pairs = list(forms)
    written, formed = [text for text, _ in pairs], [form for _, form in pairs]
    store.fill(table, {"written": ("VARCHAR", written), column: ("VARCHAR", formed)})
