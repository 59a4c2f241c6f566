"""A domain's SQL: statements with a name and a sentence, run with bound parameters."""

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DataError, IntegrityError, NotSupportedError, connection, transaction

from tests.connections import another
from tiemchung.ground import sql

ONE = "-- one --\n-- The number one.\nSELECT 1 AS number;\n"


def query(statement: str) -> sql.Query:
    return sql.Query("asked", "What a test asks.", statement)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An importable package with a folder for statements."""
    folder = tmp_path / f"domain_{uuid.uuid4().hex}"
    (folder / "queries").mkdir(parents=True)
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    sys.modules.pop(folder.name, None)


def test_load_gives_statements_of_all_files_by_name(package: Path) -> None:
    (package / "queries" / "a.sql").write_text(ONE)
    (package / "queries" / "b.sql").write_text("-- two --\n-- The number two,\n-- as text.\nSELECT '2'\n  AS number\n")
    queries = sql.load(package.name)
    assert queries.one == sql.Query("one", "The number one.", "SELECT 1 AS number")
    assert queries["two"] == sql.Query("two", "The number two, as text.", "SELECT '2'\n  AS number")
    assert [found.name for found in queries] == ["one", "two"]


def test_a_statement_says_behind_its_name_that_it_is_prepared(package: Path) -> None:
    (package / "queries" / "a.sql").write_text(ONE.replace("one --", "one prepared --"))
    assert sql.load(package.name).one == sql.Query("one", "The number one.", "SELECT 1 AS number", prepared=True)


def test_load_keeps_comments_inside_a_statement(package: Path) -> None:
    (package / "queries" / "a.sql").write_text("-- one --\n-- The number one.\nSELECT\n-- why\n1")
    assert sql.load(package.name).one.statement == "SELECT\n-- why\n1"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SELECT 1", "a.sql:1: a statement begins with its name"),
        ("-- one --\nSELECT 1", "a.sql:1: “one” lacks a sentence"),
        ("\n-- one --\n-- The number one.\n", "a.sql:2: “one” lacks its statement"),
        ("-- One-Two --\n-- The number one.\nSELECT 1", "“One-Two” is not a name"),
        (ONE + ONE, "the name “one” is taken already"),
        ("", "holds no statement"),
    ],
)
def test_load_refuses_a_file_that_breaks_the_form(package: Path, text: str, complaint: str) -> None:
    (package / "queries" / "a.sql").write_text(text)
    with pytest.raises(sql.QueryFileError, match=complaint):
        sql.load(package.name)


def test_load_refuses_a_name_used_in_two_files(package: Path) -> None:
    for file in ("a.sql", "b.sql"):
        (package / "queries" / file).write_text(ONE)
    with pytest.raises(sql.QueryFileError, match=r"b\.sql: the name “one” is taken"):
        sql.load(package.name)


def test_load_refuses_what_is_not_a_package() -> None:
    with pytest.raises(sql.QueryFileError, match="not a package"):
        sql.load("tiemchung.ground.ids")


def test_an_unknown_name_is_refused_with_the_known_ones(package: Path) -> None:
    (package / "queries" / "a.sql").write_text(ONE)
    queries = sql.load(package.name)
    with pytest.raises(AttributeError, match="no statement “three”; it has: one"):
        _ = queries.three
    with pytest.raises(KeyError, match="no statement “three”"):
        _ = queries["three"]


@pytest.mark.django_db
def test_rows_come_by_name_or_by_position() -> None:
    asked = query("SELECT n, n * 2 AS twice FROM generate_series(1, %(last)s) n ORDER BY n")
    assert sql.fetch_all(asked, {"last": 2}) == [{"n": 1, "twice": 2}, {"n": 2, "twice": 4}]
    assert sql.fetch_tuples(asked, {"last": 2}) == [(1, 2), (2, 4)]
    assert sql.fetch_one(asked, {"last": 2}) == {"n": 1, "twice": 2}
    assert sql.fetch_one(asked, {"last": 0}) is None


@pytest.mark.django_db
def test_parameters_are_bound_by_the_server() -> None:
    evil = "'; DROP TABLE django_migrations; --"
    assert sql.fetch_one(query("SELECT %(text)s::text AS said"), {"text": evil}) == {"said": evil}
    sent = sql.fetch_one(query("SELECT current_query() AS text WHERE %(it)s"), {"it": True})
    assert sent == {"text": "SELECT current_query() AS text WHERE $1"}


@pytest.mark.django_db
@pytest.mark.parametrize("prepared", [True, False])
def test_the_server_keeps_what_is_prepared_and_nothing_else(prepared: bool) -> None:
    kept = query(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%twelve%' AND statement NOT LIKE '%pg_%'"
    )
    asked = sql.Query("asked", "What a test asks.", "SELECT %(n)s::int AS twelve", prepared=prepared)
    for n in range(12):
        assert sql.fetch_tuples(asked, {"n": n}) == [(n,)]
    assert sql.fetch_tuples(kept) == [(int(prepared),)]


@pytest.mark.django_db(transaction=True)
def test_what_is_prepared_outlives_a_migration_of_its_columns() -> None:
    asked = sql.Query("asked", "What a test asks.", "SELECT name FROM migrated", prepared=True)
    with another() as other:
        other.execute("CREATE TABLE migrated (name varchar(10)); INSERT INTO migrated VALUES ('one')")
    try:
        assert sql.fetch_tuples(asked) == [("one",)]
        for length in (20, 30):
            with another() as other:
                other.execute(f"ALTER TABLE migrated ALTER COLUMN name TYPE varchar({length})")
            if length == 30:  # a transaction that was begun is lost, and only that one
                with pytest.raises(NotSupportedError, match="cached plan"), transaction.atomic():
                    sql.fetch_tuples(asked)
            assert sql.fetch_tuples(asked) == [("one",)]
    finally:
        with another() as other:
            other.execute("DROP TABLE migrated")


@pytest.mark.django_db
def test_lists_and_percent_signs_pass() -> None:
    assert sql.fetch_tuples(query("SELECT 5 = ANY(%(these)s)"), {"these": [4, 5]}) == [(True,)]
    assert sql.fetch_tuples(query("SELECT '100%'")) == [("100%",)]


@pytest.fixture
def numbers(db: None) -> str:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE numbers (n int PRIMARY KEY, word text)")
    return "numbers"


def test_execute_tells_how_many_rows_changed(numbers: str) -> None:
    insert = query("INSERT INTO numbers VALUES (%(n)s, %(word)s)")
    assert sql.execute(insert, {"n": 1, "word": "một"}) == 1
    assert sql.execute_many(insert, [{"n": 2, "word": "hai"}, {"n": 3, "word": None}]) == 2
    assert sql.execute(query("UPDATE numbers SET word = %s WHERE n > %s"), ["nhiều", 1]) == 2
    assert sql.fetch_tuples(query("SELECT * FROM numbers ORDER BY n")) == [(1, "một"), (2, "nhiều"), (3, "nhiều")]


@pytest.mark.parametrize("types", [None, ["integer", "text"]])
def test_copy_writes_text_null_and_control_characters_unchanged(numbers: str, types: list[str] | None) -> None:
    rows = [(1, "tab\tđường\\N\nmới"), (2, None), (3, "")]
    assert sql.copy_rows(numbers, ["n", "word"], rows, types=types) == 3
    assert sql.fetch_tuples(query("SELECT n, word FROM numbers ORDER BY n")) == rows


@pytest.mark.parametrize("types", [None, ["integer", "text"]])
def test_copy_of_nothing_writes_nothing(numbers: str, types: list[str] | None) -> None:
    assert sql.copy_rows(numbers, ["n", "word"], [], types=types) == 0


def test_faults_come_as_djangos_errors_and_undo_the_block(numbers: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        sql.copy_rows(numbers, ["n"], [(1,), (1,)])
    with pytest.raises(DataError), transaction.atomic():
        sql.execute(query("INSERT INTO numbers VALUES (%s::int)"), ["x"])
    assert sql.fetch_tuples(query("SELECT * FROM numbers")) == []


@pytest.mark.django_db
def test_statements_are_seen_by_djangos_query_log(django_assert_num_queries) -> None:
    with django_assert_num_queries(1) as seen:
        sql.fetch_all(query("SELECT %(n)s::int"), {"n": 1})
    assert "::int" in seen.captured_queries[0]["sql"]
