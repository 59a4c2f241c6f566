"""Registers with errors whose causes are known: for measuring how well they are told apart and undone.

A noise model (reference_data/linkage/noise.yaml) says what strikes how often at which kind of site. Every draw is a
hash of the record and the seed, so that the same seed spoils the same way whatever the threads.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from tiemchung.ground import sql
from tiemchung.simulator.spoilt_words import FORMS, spoilt
from tiemchung.vietnam.reference import reference_file

queries = sql.load(__package__)
MODELS = ("independent", "by_site")
FIELDS = ("number", "full_name", "birth_date", "sex")
_DRAWN = ("noise_lot", "noise_population", "noise_records", "noise_causes", "noise_numbers")
_PUT_TOGETHER = ("noise_names", "noise_dates")
_WRITTEN = ("noise_register", "noise_labels", "noise_known")


@dataclass(frozen=True, slots=True)
class Country:
    """The files of a labelled country.

    `register`: record, number, full_name, birth_date, sex, commune, site: what sites have written. `known`: citizen,
    number, old_number, full_name, birth_date, sex, commune: the population register, which lacks some. `labels`:
    record, citizen (NULL where the register lacks him), site_kind, twin, and the cause for each field, NULL where the
    field is right.
    """

    register: Path
    known: Path
    labels: Path


def make_country(
    citizens: Sequence[Path], folder: Path, model: str, *, seed: int = 1, threads: int = 2, memory_limit: str = "4GB"
) -> Country:
    """Spoil the records of a nation (files of `nation.make_nation`) by a model of `MODELS`. KeyError for others."""
    country = Country(*(folder / f"{name}.parquet" for name in ("register", "known", "labels")))
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("SET threads = ?", [threads])
        connection.execute("SET memory_limit = ?", [memory_limit])
        connection.execute("SET temp_directory = ?", [str(folder)])
        _spoil(connection, citizens, noise_models()[model], seed)
        files = (country.register, country.labels, country.known)
        for name, path in zip(_WRITTEN, files, strict=True):
            connection.execute(_filled(name, file=_text(str(path))))
    return country


@cache
def noise_models() -> Mapping[str, Any]:
    """The models of reference_data/linkage/noise.yaml by name."""
    content = yaml.safe_load(reference_file("linkage/noise.yaml").read_text(encoding="utf-8"))
    return dict(content["models"])


def _spoil(connection: Any, citizens: Sequence[Path], model: Mapping[str, Any], seed: int) -> None:
    _fill(connection, "rates", "field VARCHAR, kind VARCHAR, cause VARCHAR, low DOUBLE, high DOUBLE", _rates(model))
    _fill(connection, "kinds", "kind VARCHAR, low DOUBLE, high DOUBLE", _kinds(model))
    words: dict[str, Any] = {
        "citizens": "[" + ", ".join(_text(str(path)) for path in citizens) + "]",
        "seed": seed,
        "look_alike": model["slips"] == "look_alike",
        **{name: model[name] for name in ("absent", "twice", "moved")},
    }
    for name in _DRAWN:
        connection.execute(_filled(name, **words))
    _fill_words(connection)
    for name in _PUT_TOGETHER:
        connection.execute(_filled(name, **words))


def _rates(model: Mapping[str, Any]) -> Iterator[tuple[str, str, str, float, float]]:
    for kind, site in model["sites"].items():
        for field in FIELDS:
            low = 0.0
            for cause, rate in site[field].items():
                yield field, kind, cause, low, low + rate
                low += rate


def _kinds(model: Mapping[str, Any]) -> Iterator[tuple[str, float, float]]:
    low = 0.0
    for kind, site in model["sites"].items():
        yield kind, low, low + site["share"]
        low += site["share"]


def _fill_words(connection: Any) -> None:
    words = [word for (word,) in connection.execute(queries["noise_words"].statement).fetchall()]
    columns = ", ".join(f"{name} VARCHAR" for name in ("word", *FORMS))
    _fill(connection, "spoilt_words", columns, ((word, *spoilt(word)) for word in words))


def _fill(connection: Any, table: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
    lists = [list(column) for column in zip(*rows, strict=True)]
    connection.execute(f"INSERT INTO {table} SELECT {', '.join(['unnest(?)'] * len(lists))}", lists)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _filled(name: str, **words: Any) -> str:
    """Put our own numbers and paths into a statement; nothing of data ever stands in one."""
    text = queries[name].statement
    for word, value in words.items():
        text = text.replace("{" + word + "}", str(value))
    return text
