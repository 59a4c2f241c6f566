"""Who may be whom: exact numbers first, cheap keys for the rest, wide keys only for what then remains."""

import math
from collections.abc import Sequence

from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.levels import LevelCodes, number_columns, pattern_sql, same_number
from tiemchung.linkage.normalise import with_forms
from tiemchung.linkage.sides import Sides
from tiemchung.linkage.statements import names, statement
from tiemchung.linkage.store import Store

# Numbers are counted by buckets of so many rows first.
_ROWS_OF_A_BUCKET = 8
# A key may make so many pairs for each record that it is used for, the widest keys fewer.
_MOST_EACH, _MOST_OF_WIDEST = 20, 2
# So few pairs of a key cost nothing that counts.
_FEW_PAIRS = 50_000
# The widest keys may make so many times fewer pairs of a value: they tell little.
_WIDEST = 50
WHOLE_NAMES = ("same", "spelling", "accents", "order")
_OF_ONE_GIVEN_NAME = ("middle_differs", "family_close", "given")
_CLOSE_NAMES = ("given_close", "both_close")
_NEAR_BIRTHS = ("same", "swap", "vague", "slip")
_PARTS_OF_BIRTH = ("two_parts", "one_part")


class Search:
    """The search for the candidates of a part of the left records: table `pair_levels` (l, r, pattern), each pair once.

    Who has found a candidate of the same name and birth date goes no further, unless the right side may hold him
    twice. A key value that would make more than `max_block` pairs is left out, so that no key's work grows faster than
    the registers.
    """

    def __init__(self, store: Store, config: LinkConfig, sides: Sides, codes: LevelCodes) -> None:
        """Search by a configuration, with what is known of the sides."""
        self._store, self._config, self._sides, self._codes = store, config, sides, codes

    def run(self, part: int = 0, parts: int = 1) -> None:
        """Search for a part of the left records: exact numbers, close keys, wide keys, widest keys."""
        self._store.run("part_lefts", part=str(part), parts=str(parts))
        self._store.run("pair_levels", table="pair_levels")
        self._by_number()
        self._residue("part_lefts", "settled")
        most, few = self._config.max_block, max(1, self._config.max_block // _WIDEST)
        self._by_keys(names("close_"), most, _MOST_EACH)
        self._residue("residue", "settled", "settled_by_slip")
        self._by_keys([*names("wide_"), *names("text_key_")], most, _MOST_EACH)
        self._residue("residue", "settled_likely")
        self._by_keys([*names("widest_"), *names("text_widest_")], few, _MOST_OF_WIDEST)

    def compare(self, table: str, people: str) -> None:
        """Put pairs into a table, with their levels: `people` is the SQL that joins the people `l` and `r`."""
        self._store.run("levels", table=table, pattern=self._pattern(), people=people)

    def _pattern(self, *, names_alike: bool = False) -> str:
        some_crowded = "number" in self._codes.fields and bool(self._store.rows("some_crowded"))
        return pattern_sql(self._config, self._codes, names_alike=names_alike, some_crowded=some_crowded)

    def _by_number(self) -> None:
        pairs = number_columns(self._config)
        if not pairs:
            return
        self._leave_out_crowded(pairs)
        self._store.run("numbered")
        pattern, some_crowded = self._pattern(names_alike=True), bool(self._store.rows("some_crowded"))
        once, before = self._sides.each_once("l", "r"), ["FALSE"]
        for left, right in pairs:
            words = {"left_number": left, "right_number": right, "before": " OR ".join(before)}
            self._store.run("number_pairs", **words, each_once=once, pattern=pattern)
            before.append(f"coalesce({same_number(left, right, some_crowded=some_crowded)}, FALSE)")
        self._store.run("numbered_alike")
        lefts = self._formed(statement("plain", side="left"))
        self.compare("pair_levels", statement("numbered_others", lefts=lefts))

    def _leave_out_crowded(self, pairs: Sequence[tuple[str, str]]) -> None:
        left, right = (
            "\nUNION ALL ".join(statement("numbers_of", side=side, column=column) for column in dict.fromkeys(columns))
            for side, columns in zip(("part_lefts", "right_plain"), zip(*pairs, strict=True), strict=True)
        )
        most, sizes = self._config.max_block, self._store.rows("sizes")[0]
        often = (
            statement("often", numbers=numbers, many=str(math.isqrt(most)), buckets=str(1 + rows // _ROWS_OF_A_BUCKET))
            for numbers, rows in zip((left, right), sizes, strict=True)
        )
        words = dict(zip(("left_often", "right_often"), often, strict=True))
        self._store.run("crowded_numbers", **words, left_numbers=left, right_numbers=right, max_block=str(most))

    def _by_keys(self, found: Sequence[str], max_block: int, most_each: int) -> None:
        columns = [name for name, _ in self._config.left.texts]
        keys = [(name, column) for name in found for column in (columns if name.startswith("text_") else ("",))]
        keys = [(name, column) for name, column in keys if name != "text_widest_alone" or not _of_many(column)]
        if "number" not in self._codes.fields:
            keys = [(name, column) for name, column in keys if "number_1" not in statement(name)]
        if not keys:
            return
        left, right = (self._key_sql(keys, people) for people in ("residue", "right_people"))
        bounds = {"max_block": str(max_block), "most_each": str(most_each), "few_pairs": str(_FEW_PAIRS)}
        words = {"left_keys": left, "right_keys": right, **bounds}
        pairs = statement("key_pairs", **words, each_once=self._sides.each_once("lefts", "rights"))
        self.compare("pair_levels", statement("new_pairs", pairs=pairs))

    def _key_sql(self, keys: Sequence[tuple[str, str]], people: str) -> str:
        half, unordered = statement("half"), statement("unordered")
        return "\nUNION ALL ".join(
            statement(name, people=people, column=column, tag=str(tag), half=half, unordered=unordered)
            for tag, (name, column) in enumerate(keys)
        )

    def _residue(self, lefts: str, *settled: str) -> None:
        """The left records that no pair settles; all of them where the right side may hold a person twice."""
        said = "\nOR ".join(map(self._settled, settled)) if self._sides.right_once else "FALSE"
        people = statement("unsettled", lefts=lefts, settled=said)
        self._store.run("residue", people=people if lefts == "residue" else self._formed(people))

    def _formed(self, people: str) -> str:
        return with_forms(people, self._config, alone=self._sides.alone)

    def _settled(self, name: str) -> str:
        codes = self._codes
        return statement(
            name,
            **{field: codes.digit(field) for field in ("name", "birth_date", "number")},
            whole=codes.numbers("name", WHOLE_NAMES),
            given=codes.numbers("name", _OF_ONE_GIVEN_NAME),
            close=codes.numbers("name", _CLOSE_NAMES),
            same_birth=codes.numbers("birth_date", ("same",)),
            near_birth=codes.numbers("birth_date", _NEAR_BIRTHS),
            part_of_birth=codes.numbers("birth_date", _PARTS_OF_BIRTH),
            same_number=codes.numbers("number", ("same",)),
            slipped_number=codes.numbers("number", ("slip",)),
        )


def _of_many(column: str) -> bool:
    """Whether a field is of whole crowds, so that alone it says nothing."""
    return column.startswith(("area_", "age_"))
