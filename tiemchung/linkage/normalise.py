"""Both registers in the forms that are compared: each distinct word, date and sex is worked on once."""

import re
from collections.abc import Iterable
from pathlib import Path

from tiemchung.linkage.config import MAX_NUMBERS, LinkConfig, SideColumns
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.statements import statement
from tiemchung.linkage.store import Store, source
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.names import fold, match_key, written_key
from tiemchung.vietnam.sex import Sex

_SEXES = {
    **dict.fromkeys(("male", "m", "nam", "1"), Sex.MALE.value),
    **dict.fromkeys(("female", "f", "nữ", "nu", "2"), Sex.FEMALE.value),
}
_YEAR_FIRST = re.compile(r"((?:18|19|20)\d\d)-?(\d\d)-?(\d\d)")
_WORD_ORDER = {"family_first": ("first_word", "last_word"), "given_first": ("last_word", "first_word")}


def normalise(store: Store, left: Path, right: Path, config: LinkConfig) -> None:
    """Make left_people, right_people and the shares of their names. Raises LinkageError naming column or file."""
    for side, path, columns in (("left", left, config.left), ("right", right, config.right)):
        _read(store, side, path, columns)
    store.run("texts")
    _fill_word_forms(store)
    _fill_forms(
        store, "date_forms", "digits", ((text, date_digits(text)) for (text,) in store.rows("distinct_birth_dates"))
    )
    _fill_forms(
        store, "sex_forms", "form", ((text, _SEXES.get(text.lower())) for (text,) in store.rows("distinct_sexes"))
    )
    store.run("names")
    family_word, given_word = _WORD_ORDER[config.name_order]
    for side in ("left", "right"):
        store.run("people", side=side, family_word=family_word, given_word=given_word, others=_others(config))
    for column in share_columns(config):
        store.run("shares", column=column)


def share_columns(config: LinkConfig) -> tuple[str, ...]:
    """Give the columns whose values' shares count: agreement on a rare one says more."""
    return ("sorted", "family", "given", *(name for name, _ in config.left.texts))


def date_digits(written: str) -> str | None:
    """Give yyyymmdd, unknown parts as 00; None for what is no date and no eight digits.

    Year first, digits that are no real day stay as they are: one slip may lie between them and the right ones.
    """
    text = written.strip()[:10]
    found = _YEAR_FIRST.fullmatch(text)
    # No month is 19 or 20: there the year stands last, as in 19121966.
    if found and found[2] not in ("19", "20"):
        return "".join(found.groups())
    try:
        day = PartialDate.parse(text)
    except InputError:
        return None
    return f"{day.year:04}{day.month or 0:02}{day.day or 0:02}"


def _read(store: Store, side: str, path: Path, columns: SideColumns) -> None:
    found = {name for name, *_ in store.rows("columns", source=source(path))}
    named = (columns.id, *columns.single.values(), *columns.numbers, *(column for _, column in columns.texts))
    absent = next((column for column in named if column not in found), None)
    if absent is not None:
        raise LinkageError(
            "column_absent",
            absent,
            f"Tệp {path.name} không có cột «{absent}». Có các cột: {', '.join(sorted(found))}.",
            f"{path.name} has no column “{absent}”. It has: {', '.join(sorted(found))}.",
        )
    listed = ", ".join(_raw_columns(columns))
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
    parts = [single[role] for role in ("family", "middle", "given") if role in single]
    if "full_name" in single:
        yield f"{_text(single['full_name'])} AS full_name"
    else:
        yield f"nullif(concat_ws(' ', {', '.join(map(_text, parts)) or 'NULL'}), '') AS full_name"
    for role in ("family", "given", "birth_date", "sex"):
        yield f"{_text(single[role]) if role in single else 'CAST(NULL AS VARCHAR)'} AS {role}"
    for place in range(MAX_NUMBERS):
        number = _text(columns.numbers[place]) if place < len(columns.numbers) else "CAST(NULL AS VARCHAR)"
        yield f"{number} AS number_{place + 1}"
    for name, column in columns.texts:
        yield f"lower({_text(column)}) AS {name}"


def _text(column: str) -> str:
    return f"nullif(trim(CAST({_quoted(column)} AS VARCHAR)), '')"


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _others(config: LinkConfig) -> str:
    numbers = (statement("number_column", column=f"number_{place + 1}") for place in range(MAX_NUMBERS))
    return ", ".join((*numbers, *(f"raw.{name}" for name, _ in config.left.texts)))


def _fill_word_forms(store: Store) -> None:
    words = [word for (word,) in store.rows("distinct_words")]
    forms = {"word": words, "written": [*map(written_key, words)], "matched": [*map(match_key, words)]}
    forms["folded"] = [*map(fold, words)]
    store.fill("word_forms", {name: ("VARCHAR", values) for name, values in forms.items()})


def _fill_forms(store: Store, table: str, column: str, forms: Iterable[tuple[str, str | None]]) -> None:
    pairs = list(forms)
    written, formed = [text for text, _ in pairs], [form for _, form in pairs]
    store.fill(table, {"written": ("VARCHAR", written), column: ("VARCHAR", formed)})
