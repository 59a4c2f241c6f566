"""The steps by which one partition is answered; each is a named statement of `queries/5_check.sql`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiemchung.linkage.date_kinds import date_kind
from tiemchung.linkage.files import quoted_path
from tiemchung.linkage.kinds import DateKind, NameKind, SexKind
from tiemchung.linkage.sets import combinations, forms
from tiemchung.linkage.sets import names as name_sets
from tiemchung.linkage.store import Store
from tiemchung.linkage.verdict import PARENT_YEARS

# What SQL calls a value → where the tuple of its kinds has it.
WORDS = {
    "date_missing": combinations.DATE_KINDS.index(DateKind.MISSING),
    "date_other": combinations.DATE_KINDS.index(DateKind.OTHER),
    "name_missing": combinations.NAME_KINDS.index(NameKind.MISSING),
    "sex_missing": combinations.SEX_KINDS.index(SexKind.MISSING),
    "sex_other": combinations.SEX_KINDS.index(SexKind.OTHER),
    "gap": PARENT_YEARS,
    "missing": forms.MISSING_NUMBER,
}


@dataclass
class Partition:
    """One part of what is asked and known, as SQL sources, in a store that has the macros and the view `known`."""

    store: Store
    asked: str
    known: str
    processes: int

    def answer(self, path: Path) -> None:
        """Write the answers; the file is complete or absent."""
        self.read_numbers()
        self._read_dates_and_sexes()
        self.store.run("check_asked", asked=self.asked, **self._words())
        self.store.run("check_pairs")
        self._name_names()
        self._name_dates()
        self.store.run("check_judged", packed=combinations.packed_sql(), **self._words())
        self._combine()
        aside = path.with_suffix(".parquet.part")
        self.store.run("check_answers", file=quoted_path(aside))
        aside.replace(path)

    def read_numbers(self) -> None:
        """Make odd_numbers: what is no sound number at sight, each writing read once."""
        written = [text for (text,) in self.store.rows("check_odd_numbers", asked=self.asked)]
        read = [forms.number_form(text) for text in written]
        keys, faults = [key for key, _ in read], [fault for _, fault in read]
        self._fill("odd_numbers", written=("VARCHAR", written), key=("BIGINT", keys), form=("INTEGER", faults))

    def _read_dates_and_sexes(self) -> None:
        dates = [text for (text,) in self.store.rows("check_birth_dates", asked=self.asked)]
        codes = [forms.birth_code(text) for text in dates]
        self._fill("birth_forms", written=("VARCHAR", dates), code=("INTEGER", codes))
        sexes = [text for (text,) in self.store.rows("check_sexes", asked=self.asked, known=self.known)]
        sex_codes = [forms.sex_code(text) for text in sexes]
        self._fill("sex_forms", written=("VARCHAR", sexes), code=("INTEGER", sex_codes))

    def _name_names(self) -> None:
        """Make name_codes: statements first, then what they left, each distinct pair once."""
        for name in ("check_name_pairs", "check_plain_pairs", "check_unlike_words"):
            self.store.run(name)
        self._compare_words()
        self.store.run("check_word_pairs")
        special, at_home = (_texts(words) for words in (name_sets.special_words(), name_sets.home_words()))
        self.store.run("check_name_kinds", special=special, home_names=at_home)
        self._name_the_rest()
        kinds = [kind.value for kind in NameKind]
        fields, places = ["full_name"] * len(kinds), list(range(len(kinds)))
        self._fill("kind_codes", field=("VARCHAR", fields), kind=("VARCHAR", kinds), code=("INTEGER", places))
        self.store.run("check_name_codes")

    def _compare_words(self) -> None:
        pairs = self.store.rows("check_distinct_words")
        found = name_sets.word_kinds(pairs)
        self._fill(
            "word_kinds",
            word=("VARCHAR", [word for word, _ in pairs]),
            known_word=("VARCHAR", [word for _, word in pairs]),
            sound=("BOOLEAN", [sound for sound, *_ in found]),
            doublet=("BOOLEAN", [doublet for _, doublet, _ in found]),
            slip=("BOOLEAN", [slip for *_, slip in found]),
        )

    def _name_the_rest(self) -> None:
        left = self.store.rows("check_names_left")
        named = name_sets.name_all([(name, known) for _, name, known in left], self.processes)
        self._fill(
            "names_named",
            pair=("BIGINT", [pair for pair, *_ in left]),
            kind=("VARCHAR", [kind for kind, *_ in named]),
            two_words=("BOOLEAN", [two for _, two, _ in named]),
            same_family=("BOOLEAN", [same for *_, same in named]),
        )

    def _name_dates(self) -> None:
        left = self.store.rows("check_dates_left")
        kinds = [_date_code(asked, known) for asked, known in left]
        asked, known = [pair[0] for pair in left], [pair[1] for pair in left]
        self._fill("date_codes", born=("INTEGER", asked), known_born=("INTEGER", known), kind=("INTEGER", kinds))

    def _combine(self) -> None:
        """Judge each distinct combination, then settle the numbers that several citizens have."""
        self.store.run("check_shared")
        packed = {value for (value,) in self.store.rows("check_combinations")}
        packed |= {value for (value,) in self.store.rows("check_nobody", nobody=combinations.nobody_sql())}
        columns = list(zip(*combinations.answers(sorted(packed)), strict=True)) or [()] * 14
        names = ("packed", *combinations.COLUMNS, *combinations.OUTWARD_COLUMNS)
        types = {"packed": "BIGINT", "inside_only": "BOOLEAN"}
        filled = zip(names, columns, strict=True)
        self._fill("combinations", **{name: (types.get(name, "VARCHAR"), column) for name, column in filled})
        self.store.run("check_stated")
        self.store.run("check_settled", nobody=combinations.nobody_sql())

    def _fill(self, table: str, **columns: tuple[str, Sequence[Any]]) -> None:
        self.store.fill(table, columns)

    def _words(self) -> dict[str, str]:
        return {name: str(value) for name, value in WORDS.items()}


def _date_code(asked: int, known: int) -> int:
    there = forms.born(known)
    kind = date_kind(forms.born(asked), there) if there else DateKind.OTHER
    return combinations.DATE_KINDS.index(kind)


def _texts(words: Sequence[str]) -> str:
    """Write our own words as an SQL list."""
    return "[" + ", ".join("'" + word.replace("'", "''") + "'" for word in words) + "]"
