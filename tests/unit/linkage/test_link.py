"""Two registers matched: found, proposed, left to a person, or left alone."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.unit.linkage.town import Row, people, renamed, write
from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.errors import LinkageError
from tiemchung.linkage.link import LinkSummary, link
from tiemchung.linkage.normalise import date_digits, writes_month_first
from tiemchung.linkage.spellings import y_as_i
from tiemchung.linkage.statements import names, statement
from tiemchung.vietnam.names import fold

CONFIG = {
    "id": "id",
    "roles": {
        "number": "number",
        "full_name": "full_name",
        "birth_date": "birth_date",
        "sex": "sex",
        "area": "commune",
    },
    "cccd_numbers": True,
    "sample_pairs": 50_000,
}
BARE = CONFIG | {"roles": {role: role for role in ("full_name", "birth_date", "sex")}}
TOWN = people(300)


def run(
    folder: Path, left: list[Row], right: list[Row], content: dict | LinkConfig = CONFIG
) -> tuple[LinkSummary, dict]:
    out = folder / "pairs.parquet"
    config = content if isinstance(content, LinkConfig) else LinkConfig.of(content)
    summary = link(write(folder / "left.csv", left), write(folder / "right.csv", right), config, out)
    rows = duckdb.execute("SELECT * FROM read_parquet(?)", [str(out)]).fetchall()
    found: dict[str, list] = {}
    for left_id, *rest in rows:
        found.setdefault(left_id, []).append(rest)
    return summary, found


def swapped(text: str, place: int) -> str:
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def with_unlike_neighbours(rows: list[Row], place: int) -> Row:
    return next(row for row in rows if row.number[place] != row.number[place + 1])


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The town against itself, the first records spoilt one way each, the last ones not in the register."""
    left = renamed(TOWN, "q")
    slipped = left.index(with_unlike_neighbours(left[10:20], 9))
    day_month = next(place for place, row in enumerate(left) if place > 20 and row.birth_date[:2] < "13")
    spoilt = {
        0: replace(left[0], full_name=fold(left[0].full_name).title()),
        1: replace(left[1], full_name=" ".join(reversed(left[1].full_name.split()))),
        2: replace(left[2], number=""),
        3: replace(left[3], number=left[4].number),
        slipped: replace(left[slipped], number=swapped(left[slipped].number, 9)),
        day_month: replace(
            left[day_month],
            birth_date=f"{left[day_month].birth_date[3:5]}/{left[day_month].birth_date[:2]}/{left[day_month].birth_date[6:]}",
        ),
    }
    rows = [spoilt.get(place, row) for place, row in enumerate(left)]
    _, pairs = run(tmp_path_factory.mktemp("town"), rows, TOWN[:290])
    return {"pairs": pairs, "slipped": f"q{slipped:05}", "day_month": f"q{day_month:05}"}


def test_link_finds_whoever_is_the_same_in_all_fields(found: dict) -> None:
    untouched = [found["pairs"].get(f"q{place:05}") for place in range(100, 290)]
    assert [(pair[0][0], pair[0][2]) for pair in untouched] == [
        (f"p{place:05}", "automatic") for place in range(100, 290)
    ]


@pytest.mark.parametrize(
    ("left_id", "reason"), [("q00000", "name:accents"), ("q00001", "name:order"), ("slipped", "number:slip")]
)
def test_link_explains_a_spoilt_record(found: dict, left_id: str, reason: str) -> None:
    left_id = found.get(left_id, left_id)
    [(right_id, probability, decision, reasons)] = found["pairs"][left_id]
    assert (right_id, decision) == ("p" + left_id[1:], "automatic")
    assert probability > 0.9999
    assert reason in reasons


def test_link_sees_day_and_month_swapped(found: dict) -> None:
    [(right_id, _, _, reasons)] = found["pairs"][found["day_month"]]
    assert right_id == "p" + found["day_month"][1:]
    assert "birth_date:swap" in reasons or "birth_date:same" in reasons


def test_link_leaves_alone_whom_the_register_does_not_hold(found: dict) -> None:
    assert not [left_id for left_id in found["pairs"] if left_id >= "q00290"]


def test_link_by_another_persons_number_is_not_made(found: dict) -> None:
    named = [right_id for right_id, *_ in found["pairs"].get("q00003", [])]
    assert "p00004" not in named
    assert found["pairs"]["q00004"][0][0] == "p00004"


def test_link_on_name_birth_date_and_sex_alone_only_proposes(tmp_path: Path) -> None:
    summary, pairs = run(tmp_path, renamed(TOWN, "q"), TOWN, BARE)
    assert summary.automatic == 0
    assert summary.proposal >= 295
    assert {decision for rows in pairs.values() for _, _, decision, _ in rows} <= {"proposal", "ambiguous"}


def test_link_tells_a_person_where_two_fit_alike(tmp_path: Path) -> None:
    double = replace(TOWN[5], id="p99999", number="079099123456")
    asked = [replace(row, number="") for row in renamed(TOWN[:200], "q")]
    _, pairs = run(tmp_path, asked, [*TOWN, double], CONFIG)
    assert {right_id for right_id, *_ in pairs["q00005"]} == {"p00005", "p99999"}
    assert {decision for _, _, decision, _ in pairs["q00005"]} == {"ambiguous"}


@pytest.mark.parametrize("name", ["{0} Bé Xuyến", "{0} Xuyến {2}", "{0} {1} {2}h"])
def test_link_never_joins_twins_by_itself(tmp_path: Path, name: str) -> None:
    family, *middle, given = TOWN[8].full_name.split()
    twin = replace(TOWN[8], full_name=name.format(family, " ".join(middle), given), number="")
    _, pairs = run(tmp_path, [*renamed(TOWN[:8], "q"), replace(twin, id="q00008")], TOWN)
    assert all(decision != "automatic" for _, _, decision, _ in pairs.get("q00008", []))


def test_link_of_a_number_that_contradicts_sex_and_year_is_not_automatic(tmp_path: Path) -> None:
    strange = replace(TOWN[9], number="001" + TOWN[9].number[3:])
    other_sex = "Nữ" if strange.sex == "Nam" else "Nam"
    year = int(strange.birth_date[-4:])
    asked = replace(strange, id="q00009", sex=other_sex, birth_date=strange.birth_date[:-4] + str(year - 1))
    known = replace(asked, id="p00009")
    _, pairs = run(tmp_path, [*renamed(TOWN[:9], "q"), asked], [*TOWN[:9], known, *TOWN[10:]])
    [(right_id, _, decision, reasons)] = pairs["q00009"]
    assert (right_id, decision) == ("p00009", "proposal")
    assert "veto:number_contradicts" in reasons


def test_link_gives_the_same_rows_whatever_the_order_of_the_input(tmp_path: Path) -> None:
    left = [replace(row, number="") for row in renamed(TOWN, "q")]
    (tmp_path / "again").mkdir()
    _, first = run(tmp_path, left, TOWN)
    _, second = run(tmp_path / "again", left[::-1], TOWN[::-1], CONFIG | {"threads": 1})
    assert first == second


def test_link_obeys_a_calibration(tmp_path: Path) -> None:
    sober = CONFIG | {"calibration": [[0.0, 0.0], [1.0, 0.8]]}
    summary, pairs = run(tmp_path, renamed(TOWN[:50], "q"), TOWN, sober)
    assert summary.automatic == 0
    assert max(probability for rows in pairs.values() for _, probability, *_ in rows) <= 0.8


def test_link_reads_parquet_and_keeps_the_type_of_its_ids(tmp_path: Path) -> None:
    left, right = write(tmp_path / "left.csv", TOWN[:60]), write(tmp_path / "right.csv", TOWN)
    for path in (left, right):
        sql = f"COPY (SELECT CAST(substr(id, 2) AS INTEGER) AS id, * EXCLUDE (id) FROM '{path}') TO '{path}.parquet'"
        duckdb.execute(sql)
    out = tmp_path / "pairs.parquet"
    link(Path(f"{left}.parquet"), Path(f"{right}.parquet"), LinkConfig.of(CONFIG), out)
    rows = duckdb.execute("SELECT left_id, right_id FROM read_parquet(?)", [str(out)]).fetchall()
    assert (7, 7) in rows


@pytest.mark.parametrize(
    ("left", "out", "code"),
    [("absent.csv", "o.csv", "file_absent"), ("left.ods", "o.csv", "file_form"), ("left.csv", "o.xls", "file_form")],
)
def test_link_names_the_file_it_cannot_use(tmp_path: Path, left: str, out: str, code: str) -> None:
    write(tmp_path / "left.csv", TOWN[:3])
    (tmp_path / "left.ods").write_text("")
    with pytest.raises(LinkageError) as refused:
        link(tmp_path / left, tmp_path / "left.csv", LinkConfig.of(CONFIG), tmp_path / out)
    assert refused.value.code == code


def test_link_names_a_column_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(LinkageError) as refused:
        run(tmp_path, TOWN[:3], TOWN[:3], CONFIG | {"roles": {"number": "number", "sex": "gender"}})
    assert (refused.value.code, refused.value.field) == ("column_absent", "gender")


def test_link_refuses_ids_that_are_double(tmp_path: Path) -> None:
    with pytest.raises(LinkageError) as refused:
        run(tmp_path, [TOWN[0], TOWN[0]], TOWN[:3])
    assert refused.value.code == "id_not_unique"


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("05/08/1960", "19600805"),
        ("1960-08-05", "19600805"),
        ("1960-08-05 00:00:00", "19600805"),
        ("19600805", "19600805"),
        ("19121966", "19661219"),
        ("05081960", "19600805"),
        ("1960", "19600000"),
        ("19601399", "19601399"),
        ("1898-02-03", "18980203"),
        ("1960-8-5", "19600805"),
        ("31/02/1960", "19600231"),
        ("1950-19-5", "19501905"),
        ("9185-10-14", "91851014"),
        ("12/31/1960", "19601231"),
        ("19600805.0", "19600805"),
        ("không rõ", None),
    ],
)
def test_date_digits_reads_what_registers_write(written: str, digits: str | None) -> None:
    assert date_digits(written) == digits


def test_date_digits_reads_month_first_where_the_register_writes_so() -> None:
    register = [f"{month}/{day}/1960" for month, day in ((1, 31), (2, 28), (3, 15), (8, 5), (12, 25), (7, 30))]
    assert writes_month_first(register)
    assert not writes_month_first(["31/01/1960", "28/02/1960", "05/08/1960"])
    assert date_digits("08/05/1960", month_first=True) == "19600805"


def test_link_takes_dates_in_three_columns_and_names_in_several(tmp_path: Path) -> None:
    for name, rows in (("left", renamed(TOWN, "q")), ("right", TOWN)):
        path = write(tmp_path / f"{name}.csv", rows)
        duckdb.execute(
            f"""COPY (SELECT id, number, sex, commune, string_split(full_name, ' ')[1] AS family,
                array_to_string(string_split(full_name, ' ')[2:], ' ') AS others, right(birth_date, 4) AS year,
                substr(birth_date, 4, 2) AS month, left(birth_date, 2) AS day
                FROM read_csv('{path}', all_varchar = true))
            TO '{tmp_path}/{name}.parquet'"""
        )
    roles = {"number": "number", "full_name": ["family", "others"], "birth_date": ["year", "month", "day"]}
    config = LinkConfig.of({"id": "id", "roles": roles})
    summary = link(tmp_path / "left.parquet", tmp_path / "right.parquet", config, tmp_path / "pairs.parquet")
    assert summary.automatic == len(TOWN)


def test_link_never_proposes_who_only_lives_there_too(tmp_path: Path) -> None:
    """A father and a child at every address; some children are in no register."""
    fathers = [replace(row, commune=f"house {place}") for place, row in enumerate(TOWN)]
    children = [
        replace(
            other,
            id="c" + other.id[1:],
            full_name=" ".join((father.full_name.split()[0], *other.full_name.split()[1:])),
            commune=father.commune,
        )
        for father, other in zip(fathers, people(len(TOWN), seed=8), strict=True)
    ]
    asked = [replace(row, id="q" + row.id, number="") for row in children]
    home = tuple((f"{role}_1", "commune") for role in ("area", "address", "phone", "other"))
    config = LinkConfig.of(CONFIG)
    config = replace(config, left=replace(config.left, texts=home), right=replace(config.right, texts=home))
    _, pairs = run(tmp_path, asked, [*fathers, *children[30:]], config)
    assert {row.id: pairs[row.id] for row in asked[:30] if row.id in pairs} == {}


def test_link_says_two_of_three_parts_of_a_date(tmp_path: Path) -> None:
    asked = renamed(TOWN, "q")
    year = int(asked[3].birth_date[-4:])
    asked[3] = replace(asked[3], birth_date=asked[3].birth_date[:-4] + str(year - 23 if year > 1960 else year + 23))
    _, pairs = run(tmp_path, asked, TOWN)
    assert "birth_date:two_parts" in pairs["q00003"][0][3]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"threads": 0}, "threads"),
        ({"memory_limit": "much"}, "memory_limit"),
        ({"once": "never"}, "once"),
        ({"policy": {"automatic": "high"}}, "policy"),
        ({"policy": {"certain": 1}}, "policy.certain"),
        ({"calibration": [1, 2]}, "calibration"),
        ({"roles": ["number"]}, "roles"),
        ({"roles": {"birth_date": ["year", "month"]}}, "roles.birth_date"),
    ],
)
def test_config_names_a_value_it_cannot_take(wrong: dict, field: str) -> None:
    with pytest.raises(LinkageError) as refused:
        LinkConfig.of(CONFIG | wrong)
    assert refused.value.field == field


@pytest.mark.parametrize("name", ["Hoà Thuý", "HÒA THÚY", "Hòa  Thúy", "Ho\u0300a Thu\u0301y", "Hòa (Thúy)"])
def test_link_reads_one_name_however_it_is_written(tmp_path: Path, name: str) -> None:
    known = replace(TOWN[0], full_name="Hòa Thúy")
    _, pairs = run(tmp_path, [replace(known, id="q00000", full_name=name), *renamed(TOWN[1:], "q")], [known, *TOWN[1:]])
    assert "name:same" in pairs["q00000"][0][3]


def test_statements_leave_no_sentence_in_the_sql() -> None:
    assert "level_name" in names("level_")
    assert not [name for name in names("") if "--" in statement(name)]


@pytest.mark.parametrize(
    ("written", "matched"),
    [
        ("nguyễn thị mỹ", "nguyễn thị mĩ"),
        ("lý mỹ kỳ", "lí mĩ kì"),
        ("huỳnh văn lý", "huỳnh văn lí"),
        ("nguyễn quý", "nguyễn quí"),
        ("nguyễn thuỳ vy", "nguyễn thuỳ vi"),
        ("hồ quỳnh quyên", "hồ quình quyên"),
        ("đỗ huy", "đỗ huy"),
        ("y moan niê", "y moan niê"),
        ("trần bảo yến", "trần bảo yến"),
    ],
)
def test_y_counts_as_i_where_it_ends_a_word_and_nowhere_else(written: str, matched: str) -> None:
    assert duckdb.execute(f"SELECT {y_as_i('$name')}", {"name": written}).fetchall() == [(matched,)]
