"""Registers with errors whose causes are known."""

from pathlib import Path

import duckdb
import pytest

from tiemchung.linkage.date_kinds import date_kind
from tiemchung.linkage.name_kinds import name_kind
from tiemchung.linkage.number_kinds import number_kind
from tiemchung.simulator.evaluation import is_told_right
from tiemchung.simulator.nation import make_nation
from tiemchung.simulator.noise import FIELDS, MODELS, Country, make_country, noise_models
from tiemchung.simulator.spoilt_words import FORMS, spoilt
from tiemchung.vietnam.dates import PartialDate

PEOPLE = 6_000


@pytest.fixture(scope="module")
def countries(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Country]:
    folder = tmp_path_factory.mktemp("countries")
    nation = make_nation(PEOPLE, folder / "nation", seed=3)
    return {model: make_country(nation, folder / model, model, seed=5) for model in MODELS}


def rows(country: Country, sql: str) -> list[tuple]:
    files = {"register": country.register, "known": country.known, "labels": country.labels}
    named = {word: str(path) for word, path in files.items() if f"${word}" in sql}
    return duckdb.execute(sql, named).fetchall()


@pytest.mark.parametrize("model", MODELS)
def test_a_register_holds_every_citizen_and_the_known_side_lacks_some(model: str, countries: dict) -> None:
    ((records, people, absent),) = rows(
        countries[model],
        "SELECT count(*), count(DISTINCT record), count(*) FILTER (citizen IS NULL) FROM read_parquet($labels)",
    )
    ((known,),) = rows(countries[model], "SELECT count(*) FROM read_parquet($known)")
    assert PEOPLE < records == people < PEOPLE * 1.04
    assert 0 < PEOPLE - known < PEOPLE * 0.07
    assert absent > 0


@pytest.mark.parametrize("model", MODELS)
def test_an_unlabelled_field_is_written_as_it_is_known(model: str, countries: dict) -> None:
    ((numbers, names, sexes),) = rows(
        countries[model],
        """
        SELECT count(*) FILTER (labels.number IS NULL AND register.number <> known.number),
            count(*) FILTER (labels.full_name IS NULL AND register.full_name <> known.full_name),
            count(*) FILTER (labels.sex IS NULL AND register.sex <> known.sex)
        FROM read_parquet($register) AS register JOIN read_parquet($labels) AS labels USING (record)
        JOIN read_parquet($known) AS known USING (citizen)
        """,
    )
    assert (numbers, names, sexes) == (0, 0, 0)


@pytest.mark.parametrize(("field", "least"), [("number", 0.95), ("full_name", 0.95), ("birth_date", 0.85)])
def test_a_labelled_field_differs_in_the_way_of_its_label(field: str, least: float, countries: dict) -> None:
    """Not always: 05/06 for 04/06 is a slip of a digit, and one day off."""
    written = rows(
        countries["by_site"],
        f"""
        SELECT labels.{field}, register.{field}, known.{field}, known.old_number
        FROM read_parquet($register) AS register JOIN read_parquet($labels) AS labels USING (record)
        JOIN read_parquet($known) AS known USING (citizen)
        WHERE labels.{field} NOT IN ('other_persons_number', 'parents_number', 'unknown')
        """,
    )
    told = [is_told_right(cause, kind_of(field, *values)) for cause, *values in written]
    assert len(told) > 100
    assert sum(told) / len(told) >= least


def kind_of(field: str, written: str, known: str, old_number: str | None) -> str:
    if field == "number":
        return number_kind(written, known, [old_number] if old_number else []).value
    if field == "full_name":
        return name_kind(written, known).value
    return date_kind(PartialDate.parse(written) if written else None, PartialDate.parse(known)).value


def test_errors_of_the_second_model_gather_at_sites(countries: dict) -> None:
    ((without_accents, elsewhere),) = rows(
        countries["by_site"],
        """
        SELECT avg((full_name = 'accents_lost')::INT) FILTER (site_kind = 'without_accents'),
            avg((full_name = 'accents_lost')::INT) FILTER (site_kind <> 'without_accents')
        FROM (SELECT site_kind, coalesce(full_name, 'right') AS full_name FROM read_parquet($labels)) AS labels
        """,
    )
    assert without_accents > 0.7
    assert elsewhere == 0


def test_the_same_seed_spoils_the_same_way(tmp_path: Path) -> None:
    nation = make_nation(1_000, tmp_path / "nation", seed=3)
    one, same, other = (
        make_country(nation, tmp_path / name, "by_site", seed=seed, threads=threads)
        for name, seed, threads in (("one", 5, 1), ("same", 5, 2), ("other", 6, 2))
    )
    read = [rows(country, "SELECT * FROM read_parquet($register) ORDER BY record") for country in (one, same, other)]
    assert read[0] == read[1] != read[2]


def test_the_models_differ_in_kind_and_every_rate_leaves_something_right() -> None:
    sites = {model: content["sites"] for model, content in noise_models().items()}
    assert len(sites["independent"]) == 1 < len(sites["by_site"])
    assert all(sum(kind["share"] for kind in kinds.values()) == pytest.approx(1) for kinds in sites.values())
    assert all(sum(kind[field].values()) < 1 for kinds in sites.values() for kind in kinds.values() for field in FIELDS)


@pytest.mark.parametrize(
    ("word", "form", "written"),
    [
        ("Nguyễn", "plain", "Nguyen"),
        ("Nguyễn", "residue", "Nguyeenx"),
        ("Đức", "residue", "Dduwcs"),
        ("Hòa", "moved_tone", "Hoà"),
        ("Lý", "other_i", "Lí"),
        ("Thúy", "other_i", "Thúy"),
        ("Hoàng", "doublet", "Huỳnh"),
        ("Trinh", "by_ear", "Chinh"),
        ("Nguyễn", "misread", "Nguyá»…n"),
    ],
)
def test_a_word_comes_out_as_the_mishap_leaves_it(word: str, form: str, written: str) -> None:
    assert dict(zip(FORMS, spoilt(word), strict=True))[form] == written
