"""How well are causes told and persons found? Measured on a country whose truth is known.

The country is spoilt by one noise model; what matching knows was learnt on the other (`calibration.py`) or is learnt
from the two registers themselves, without labels. Labels serve to count, afterwards.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import yaml

from tiemchung.ground import sql
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.kinds import HARMLESS, NumberKind
from tiemchung.linkage.link import LinkSummary, link
from tiemchung.linkage.number_kinds import form_kind
from tiemchung.linkage.verdict import Asked, Judgement, Known, Verdict, compare, judge
from tiemchung.simulator.nation import make_nation
from tiemchung.simulator.noise import FIELDS, Country, make_country
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError
from tiemchung.vietnam.reference import reference_file
from tiemchung.vietnam.sex import Sex

queries = sql.load(__package__)
NOT_SAID = "not_said"
NOTHING, ABSENT = "none", "not_in_register"  # causes of fields that nothing struck, or that nobody could compare
# What is struck by these reads as right, and shall.
_HARMLESS_CAUSES = {kind.value for kind in HARMLESS} - {"right"}
_OF_SOMEBODY = {NumberKind.OTHER_PERSONS_NUMBER.value, NumberKind.PARENTS_NUMBER.value}


@dataclass(frozen=True, slots=True)
class Decided:
    """One record that the exact check did not settle: its labels, the decision, and whether its person was named."""

    record: int
    citizen: int | None
    site_kind: str
    twin: bool
    birth_year: int
    number: str
    birth_date: str
    decision: str
    probability: float | None
    right_one: bool
    named_right: bool
    names: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One country measured: records, settled by the exact check, the decisions on the rest, and the causes told.

    `plain` of the settled are letter for letter a known person's. `causes` counts (field, cause, kind told) over every
    field of every record: the cause is `none` where nothing struck, `not_in_register` where the register lacks the
    person; the kind is `not_said` where nobody was found to compare with.
    """

    records: int
    settled: int
    wrongly_settled: int
    plain: int
    wrongly_plain: int
    decided: Sequence[Decided]
    causes: Mapping[tuple[str, str, str], int]
    summary: LinkSummary


def nation_config(**changes: Any) -> LinkConfig:
    """The configuration that matches a country's registers: nation.yaml and calibration.yaml of linkage's data."""
    files = ("linkage/nation.yaml", "linkage/calibration.yaml")
    link_, learnt = (yaml.safe_load(reference_file(name).read_text(encoding="utf-8")) for name in files)
    return LinkConfig.of({**link_["link"], "calibration": learnt["calibration"], **changes})


def measure(citizens: int, model: str, *, seed: int, config: LinkConfig) -> Measured:
    """Make a nation, spoil it by a model, check and match it, and count; all in a temporary folder."""
    with TemporaryDirectory(prefix="tiemchung-country-") as name:
        folder = Path(name)
        nation = make_nation(citizens, folder / "nation", seed=seed, memory_limit=config.memory_limit)
        return measure_country(make_country(nation, folder, model, seed=seed), folder, config)


def measure_country(country: Country, folder: Path, config: LinkConfig) -> Measured:
    """Check and match a country that is made already."""
    files = {"register": str(country.register), "known": str(country.known), "labels": str(country.labels)}
    with duckdb.connect() as connection:
        judged = {record: _inside(asked, holders) for record, asked, holders in _found(connection, files)}
        plainly = {record: str(citizen) for record, citizen in _rows(connection, "country_settled_plainly", files)}
        told_right = {record: one.handle for record, one in judged.items() if one.verdict is Verdict.RIGHT}
        settled = told_right | plainly
        files["residue"] = _write_residue(connection, files, folder, [*settled])
        files["pairs"] = str(folder / "pairs.parquet")
        summary = link(Path(files["residue"]), country.known, config, Path(files["pairs"]))
        decided = [Decided(*row) for row in _rows(connection, "country_decisions", files)]
        causes = Counter(_told(connection, files, judged, plainly))
        ((records,),) = connection.execute("SELECT count(*) FROM read_parquet(?)", [files["register"]]).fetchall()
        wrongly, wrongly_plain = (_wrongly(connection, files, each) for each in (settled, plainly))
    return Measured(records, len(settled), wrongly, len(plainly), wrongly_plain, decided, causes, summary)


def _rows(connection: Any, name: str, files: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """Run a statement with those of the files that it names."""
    statement = queries[name].statement
    named = {word: path for word, path in files.items() if f"${word}" in statement}
    found: list[tuple[Any, ...]] = connection.execute(statement, named).fetchall()
    return found


def _found(connection: Any, files: Mapping[str, str]) -> Iterator[tuple[int, Asked, list[Known]]]:
    """Each record whose number somebody has, with all who have it."""
    last: tuple[int, Asked, list[Known]] | None = None
    for row in _rows(connection, "country_found", files):
        if last is None or last[0] != row[0]:
            if last:
                yield last
            last = (row[0], _asked(row[1:5]), [])
        last[2].append(_known(row[5:]))
    if last:
        yield last


def _asked(row: Sequence[Any]) -> Asked:
    number, full_name, born, sex = row
    return Asked(number or "", full_name or "", _date(born), Sex(sex) if sex else None)


def _known(row: Sequence[Any]) -> Known:
    citizen, number, old_number, full_name, born, sex = row
    former = (old_number,) if old_number else ()
    return Known(str(citizen), full_name, PartialDate.parse(born), Sex(sex), number, former)


def _date(written: str | None) -> PartialDate | None:
    try:
        return PartialDate.parse(written or "")
    except InputError:
        return None


def _inside(asked: Asked, holders: Sequence[Known]) -> Judgement:
    """The judgement by the register's own side: the one right holder, else that of the first."""
    judged = [judge(asked, one) for one in holders]
    right = [one for one in judged if one.verdict is Verdict.RIGHT]
    return right[0] if len(right) == 1 else judged[0]


def _write_residue(connection: Any, files: Mapping[str, str], folder: Path, settled: Sequence[int]) -> str:
    residue = str(folder / "residue.parquet")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE settled AS SELECT unnest(CAST(? AS BIGINT[])) AS record", [settled]
    )
    statement = queries["country_residue"].statement
    for word, path in (("register", files["register"]), ("residue", residue)):
        statement = statement.replace("{" + word + "}", "'" + path.replace("'", "''") + "'")
    connection.execute(statement)
    return residue


def _wrongly(connection: Any, files: Mapping[str, str], settled: Mapping[int, str]) -> int:
    """How many of the records were settled as somebody's whose they are not."""
    truth = dict(connection.execute("SELECT record, citizen FROM read_parquet(?)", [files["labels"]]).fetchall())
    return sum(str(truth[record]) != handle for record, handle in settled.items())


def _told(
    connection: Any, files: Mapping[str, str], judged: Mapping[int, Judgement], plainly: Mapping[int, str]
) -> Iterator[tuple[str, str, str]]:
    """(field, cause, kind told) for every field of every record."""
    all_right = dict.fromkeys(FIELDS, "right")
    named = {row[0]: (_asked(row[1:5]), _known(row[5:])) for row in _rows(connection, "country_named", files)}
    for record, number, is_known, *struck in _rows(connection, "country_causes", files):
        if record in plainly:
            told: Mapping[str, str] = all_right
        else:
            told = kinds_told(judged.get(record), named.get(record)) or _of_nobody(number or "")
        for field, cause in zip(FIELDS, struck, strict=True):
            yield field, _label(field, cause, number or "", is_known=is_known), told.get(field, NOT_SAID)


def _of_nobody(number: str) -> dict[str, str]:
    """What the check says of a number that nobody has: its form is told, else that it is unknown."""
    return {"number": (form_kind(number) or NumberKind.UNKNOWN).value}


def _label(field: str, cause: str | None, number: str, *, is_known: bool) -> str:
    """The cause to be told. Of somebody whom the register lacks only a number can be: by its form, or by its holder."""
    if is_known:
        return cause or NOTHING
    tells = field == "number" and (cause in _OF_SOMEBODY or form_kind(number) is not None)
    return cause or ABSENT if tells else ABSENT


def kinds_told(judgement: Judgement | None, named: tuple[Asked, Known] | None) -> dict[str, str]:
    """What staff would be told of each field: by who has the number, else by comparing with whom matching named.

    A number that no slip explains is what the check said of it: another person's, a parent's, malformed.
    """
    if judgement is not None and judgement.verdict is not Verdict.UNKNOWN:
        return judgement.kinds
    if named is None:
        return judgement.kinds if judgement else {}
    kinds = {field: kind.value for field, kind in compare(*named).items()}
    if kinds["number"] == "unknown" and judgement is not None:
        kinds["number"] = judgement.kinds["number"]
    return kinds


def is_told_right(cause: str, kind: str) -> bool:
    """Whether the kind is the cause; what does no harm may also read as right.

    Where nothing struck, right is right; of whom the register lacks, nothing but that the number is unknown.
    """
    if cause == ABSENT:
        return kind in (NOT_SAID, NumberKind.UNKNOWN)
    no_harm = kind in ("right", *_HARMLESS_CAUSES)
    return cause == kind or (no_harm and (cause == NOTHING or cause in _HARMLESS_CAUSES))


def is_false_alarm(cause: str, kind: str) -> bool:
    """Whether a difference is told of a field that nothing struck, or of somebody whom the register lacks."""
    return cause in (NOTHING, ABSENT) and kind != NOT_SAID and not is_told_right(cause, kind)
