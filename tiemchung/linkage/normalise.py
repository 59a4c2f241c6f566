"""Both registers in the forms that are compared: each distinct word, date and sex is worked on once."""

import re
from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.config_roles import SideColumns
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.files import CsvForm, csv_source, is_parquet, parquet_rows, parquet_source, quoted, readable
from tiemchung.linkage.keyboard import meant_word
from tiemchung.linkage.spellings import old_tones, y_as_i
from tiemchung.linkage.statements import statement
from tiemchung.linkage.store import Store
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError

_SEXES = {
    "male": ("male", "m", "man", "nam", "1", "1.0"),
    "female": ("female", "f", "woman", "nữ", "nu", "2", "2.0"),
    "unknown": ("unknown", "unk", "u", "x", "0", "0.0", "9", "9.0", "-", "?", "khác", "other", "nan", "none"),
}
# Eight digits, or digits between signs.
_YEAR_FIRST = re.compile(r"((?:18|19|20)\d\d)(?=\d{4}$|[-/.])[-/.]?(\d\d?)[-/.]?(\d\d?)")
_TWO_AND_YEAR = re.compile(r"(\d\d?)[-/. ](\d\d?)[-/. ]((?:18|19|20)\d\d)")
_YEAR_LIKE_FIRST = re.compile(r"(\d{4})-?(\d\d?)-?(\d\d?)")
_TIME_OF_DAY = re.compile(r"(?<=\d)([T ]\d\d?:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d*)?|\.0+)$")
NAME_PARTS = ("family", "given")
_WORD_ORDER = {"family_first": ("first_word", "last_word"), "given_first": ("last_word", "first_word")}


def normalise(store: Store, left: Path, right: Path | None, config: LinkConfig) -> None:
    """Make left_people, right_people (the same ones without `right`), names, and the shares of what is rare or common.

    Raises LinkageError naming column or file.
    """
    read = [("left", left, config.left), *([("right", right, config.right)] if right else [])]
    files = [_File(store, side, path, columns) for side, path, columns in read]
    with readable(" + ".join(file.path.name for file in files)):
        for file in files:
            file.open(config)
            _make_dates(store, file)
        _make_names(store, files, config)
        for file in files:
            _make_people(store, file, config, alone=right is None)
    if right is None:
        store.run("plain_people", side="right", rows="left")
        store.run("people_view", side="right", people=statement("plain", side="right"))
    _make_shares(store, files, config)


def with_forms(people: str, config: LinkConfig, *, alone: bool) -> str:
    """Give the SQL of left people with the forms of their names.

    They stand beside them where the register is matched with itself or has columns for parts of the name; else they are
    joined for those alone that need them: whom a number settles is compared by what is written.
    """
    return people if stands_formed(config, alone=alone) else statement("formed_people", people=people)


def stands_formed(config: LinkConfig, *, alone: bool) -> bool:
    """Whether the forms of their names stand beside the left people."""
    return alone or any(part in config.left.single for part in NAME_PARTS)


class _File:
    """One file, its columns by role as SQL."""

    def __init__(self, store: Store, side: str, path: Path, columns: SideColumns) -> None:
        self.side, self.path, self.columns = side, path, columns
        self.source = ""
        self._store = store
        single = columns.single
        parts = [column for role in ("family", "middle", "given") for column in single.get(role, ())]
        self.names = {"full_name": _written(single.get("full_name") or parts)}
        self.names |= {part: _joined(single[part]) for part in NAME_PARTS if part in single}
        self.birth_date = _birth_date(single.get("birth_date", ()))

    def open(self, config: LinkConfig) -> None:
        """Refuse a file that lacks a column. Rows are read twice: what is not kept by columns is put into a table."""
        with readable(self.path.name):
            named = self.columns.named
            if is_parquet(self.path):
                described = self._store.rows("columns", source=parquet_rows(self.path))
                cccd = self.columns.numbers if config.cccd_numbers else ()
                self.source = parquet_source(self.path, described, named, cccd)
            else:
                form = config.csv.get(self.side, CsvForm())
                rows = csv_source(self.path, named, form, self._store.folder)
                self._store.run("raw", side=self.side, columns=", ".join(map(quoted, named)), source=rows)
                self.source = f"{self.side}_raw"

    @property
    def listed(self) -> str:
        """The columns that stand in the people of the side."""
        sexes = {kind: ", ".join(f"'{word}'" for word in words) for kind, words in _SEXES.items()}
        plain = f"lower({_joined(self.columns.single.get('sex', ())[:1])})"
        listed = {
            "id": quoted(self.columns.id),
            **self.names,
            "birth_date": self.birth_date,
            "sex": statement("sex_form", plain=plain, **sexes),
        }
        return ", ".join(f"{text} AS {name}" for name, text in (listed | self.others).items())

    @property
    def others(self) -> dict[str, str]:
        """Numbers and other fields."""
        numbers = {
            f"number_{place}": statement("number_column", column=f"CAST({quoted(number)} AS VARCHAR)")
            for place, number in enumerate(self.columns.numbers, 1)
        }
        return numbers | {name: _text_form(name, column) for name, column in self.columns.texts}


def _make_people(store: Store, file: _File, config: LinkConfig, *, alone: bool) -> None:
    if file.side == "right" or stands_formed(config, alone=alone):
        names, joins, people = _formed_names(file), _name_joins(file), statement("plain", side=file.side)
    else:
        names, joins = f"{_name_id('raw.full_name')} AS name", ""
        people = with_forms(statement("plain", side=file.side), config, alone=alone)
    others = "".join(f", raw.{name}" for name in file.others)
    words = {"names": names, "name_joins": joins, "others": others}
    store.run("people", side=file.side, columns=file.listed, source=file.source, **words)
    store.run("plain_people", side=file.side, rows=file.side)
    store.run("people_view", side=file.side, people=people)
    _refuse_doubles(store, file.side, file.path)


def _name_id(text: str) -> str:
    return statement("name_id", text=text, id=statement("text_id", text=text))


def _name_joins(file: _File) -> str:
    parts = (statement("part_join", part=part) for part in file.names if part in NAME_PARTS)
    return "\n".join((statement("name_join"), *parts))


def _formed_names(file: _File) -> str:
    return statement("forms_of_names", **_parts_of_names(file.names))


def _parts_of_names(names: Container[str]) -> dict[str, str]:
    """Family and given name: from columns of their own, or the first and last word where neither has one."""
    words = {part: f"names.{part}" for part in NAME_PARTS}
    for part, other in (NAME_PARTS, NAME_PARTS[::-1]):
        if other in names:
            words[part] = f"CASE WHEN raw.{other} IS NULL THEN {words[part]} END"
    return {part: f"coalesce({part}_names.folded, {word})" if part in names else word for part, word in words.items()}


def _make_names(store: Store, files: Sequence[_File], config: LinkConfig) -> None:
    family, given = map(statement, _WORD_ORDER[config.name_order])
    texts = [
        statement("writings_of", text=text, whole=str(name == "full_name").upper(), source=file.source)
        for file in files
        for name, text in file.names.items()
    ]
    store.run("writings", texts="\nUNION ALL ".join(texts))
    _read_names(store)
    words = {"family": family, "given": f"coalesce({given}, folded)", "any_order": statement("any_order")}
    forms = {"small": statement("form_small", text="read"), "folded": statement("form_folded", text="small")}
    spelt, matched = (statement("text_id", text=text) for text in ("spelt", y_as_i("spelt")))
    ways = {"two_ways": statement("two_ways"), "tones": old_tones("small"), "spelt_id": spelt, "matched_id": matched}
    store.run("names", name=statement("text_id", text="text"), **forms, **words, **ways)


def _read_names(store: Store) -> None:
    """Read names that were typed with the keyboard's Vietnamese mode off as they were meant.

    «Nguyeenx Thij Dungx» shares no word with Nguyễn Thị Dũng, so no key would find him. A word is read so only where it
    is no name word itself and its reading is one; both sides are read alike, so that equal names stay equal.
    """
    meant = {word: reading for (word,) in store.rows("keyed_words") if (reading := meant_word(word))}
    store.fill("meant_words", {"word": ("VARCHAR", list(meant)), "meant": ("VARCHAR", list(meant.values()))})
    store.run("meant_names")


def _make_dates(store: Store, file: _File) -> None:
    """Dates in the common forms are read by a statement, the others one by one."""
    side = file.side
    store.run("date_writings", side=side, birth_date=file.birth_date, source=file.source)
    month_first = writes_month_first(text for (text,) in store.rows("some_date_writings", side=side))
    store.run("plain_dates", side=side, day_first="FALSE" if month_first else "TRUE")
    others = [text for (text,) in store.rows("other_date_writings", side=side)]
    _fill_forms(store, f"{side}_date_forms", "digits", ((text, date_digits(text, month_first)) for text in others))
    store.run("dates", side=side)


def _make_shares(store: Store, files: Sequence[_File], config: LinkConfig) -> None:
    sides = [file.side for file in files]
    columns = [name for name, _ in config.left.texts]
    store.run("name_shares", column="folded", form="folded")
    for part in NAME_PARTS:
        if any(name in file.names for file in files for name in NAME_PARTS):
            columns.append(part)
        else:
            store.run("name_shares", column=part, form=part)
    store.run("birth_shares", dates=_of_each_side(sides, "dates_of"))
    for column in columns:
        store.run("text_shares", column=column, people=_of_each_side(sides, "texts_of", column=column))


def _of_each_side(sides: Sequence[str], name: str, **words: str) -> str:
    return "\nUNION ALL ".join(statement(name, side=side, **words) for side in sides)


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


def _refuse_doubles(store: Store, side: str, path: Path) -> None:
    ((rows, ids),) = store.rows("id_counts", side=side)
    if rows != ids:
        raise LinkageError(
            "id_not_unique",
            "id",
            f"Cột mã của tệp {path.name} có {rows - ids} giá trị trống hoặc trùng. Mỗi dòng cần một mã riêng.",
            f"The id column of {path.name} has {rows - ids} values that are empty or double. Each row needs its own.",
        )


_NOTHING = "CAST(NULL AS VARCHAR)"


def _written(columns: Sequence[str]) -> str:
    """One column as it stands, or several with a space between them."""
    return f"CAST({quoted(columns[0])} AS VARCHAR)" if len(columns) == 1 else _joined(columns)


def _joined(columns: Sequence[str]) -> str:
    """Columns with a space between them; NULL where all are empty."""
    if len(columns) < 2:
        return _text(columns[0]) if columns else _NOTHING
    return f"nullif(concat_ws(' ', {', '.join(map(_text, columns))}), '')"


def _birth_date(columns: Sequence[str]) -> str:
    """A date in one column, or year, month and day in three; where the year is missing there is none."""
    if len(columns) < 3:
        return f"CAST({quoted(columns[0])} AS VARCHAR)" if columns else _NOTHING
    year, month, day = map(_text, columns)
    return f"{year} || '-' || coalesce({month}, '0') || '-' || coalesce({day}, '0')"


def _text_form(field: str, column: str) -> str:
    """A text in the form that is compared, by its role: `phone_1` is a phone."""
    role = field.rpartition("_")[0]
    own = role in ("phone", "email", "postcode", "age")
    return statement(f"{role}_form" if own else "text_form", column=f"CAST({quoted(column)} AS VARCHAR)")


def _text(column: str) -> str:
    return f"nullif(trim(CAST({quoted(column)} AS VARCHAR)), '')"


def _fill_forms(store: Store, table: str, column: str, forms: Iterable[tuple[str, str | None]]) -> None:
    pairs = list(forms)
    written, formed = [text for text, _ in pairs], [form for _, form in pairs]
    store.fill(table, {"written": ("VARCHAR", written), column: ("VARCHAR", formed)})
