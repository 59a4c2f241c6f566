"""What a matching run may be told, and how each refusal names the key and the cure."""

from pathlib import Path

import pytest

from tiemchung.linkage.config import LinkConfig
from tiemchung.linkage.errors import LinkageError

NAMED = {"id": "id", "roles": {"full_name": "name"}}


def with_roles(**roles: object) -> dict:
    return {"id": "id", "roles": roles}


REFUSED = [
    ({"colour": 1}, "config_key", "colour", "memory_limit"),
    (with_roles(shoe="size"), "config_key", "roles.shoe", "birth_date"),
    ({"roles": {"full_name": "name"}}, "config_role", "id", "one column"),
    (NAMED | {"id": ["a", "b"]}, "config_role", "id", "one column"),
    ({"id": "id"}, "config_role", "roles", "a number, a name or a birth date"),
    ({"id": "id", "roles": ["name"]}, "config_role", "roles", "role: column"),
    (with_roles(sex="sex", area="commune"), "config_role", "roles", "a number, a name or a birth date"),
    (with_roles(number=list("abcd")), "config_role", "roles", "at most 3"),
    (with_roles(full_name="n", area={"left": ["a", "b"], "right": "a"}), "config_role", "roles.area", "left 2"),
    (with_roles(full_name={"left": "n"}), "config_role", "roles.full_name", "right side has no column"),
    (with_roles(full_name="n", sex={"right": "s"}), "config_role", "roles.sex", "left side has no column"),
    (with_roles(full_name="n", phone={"left": "p"}), "config_role", "roles.phone", "right side has no column"),
    (with_roles(full_name={"links": "n"}), "config_key", "roles.full_name.links", "left, right"),
    (with_roles(full_name={"left": {"left": "n"}, "right": "n"}), "config_role", "roles.full_name", "a list"),
    (with_roles(full_name=[["n"]]), "config_role", "roles.full_name", "a list"),
    (with_roles(full_name=""), "config_role", "roles.full_name", "write a column"),
    (with_roles(full_name="n", sex=["a", "b"]), "config_role", "roles.sex", "one column alone"),
    (with_roles(full_name="n", birth_date=["y", "m"]), "config_role", "roles.birth_date", "year, month, day"),
    (with_roles(full_name="n", area="n"), "config_role", "roles.area", "already roles.full_name"),
    (NAMED | {"policy": {"automatic": 2}}, "config_role", "policy", "automatic ≤ 1"),
    (NAMED | {"policy": {"automatic": True}}, "config_role", "policy", "a number"),
    (NAMED | {"policy": {"automatic": 0.4}}, "config_role", "policy", "proposal ≤ automatic"),
    (NAMED | {"policy": {"certain": 1}}, "config_key", "policy.certain", "margin_bits"),
    (NAMED | {"calibration": [[1, 0], [0, 1]]}, "config_role", "calibration", "rising"),
    (NAMED | {"calibration": [[0, 0], [1, 7]]}, "config_role", "calibration", "from 0 to 1"),
    (NAMED | {"calibration": "steep"}, "config_role", "calibration", "pairs of numbers"),
    (NAMED | {"memory_limit": "1KB"}, "config_role", "memory_limit", "100MB"),
    (NAMED | {"memory_limit": "much"}, "config_role", "memory_limit", "4GB"),
    (NAMED | {"memory_limit": "500%"}, "config_role", "memory_limit", "4GB"),
    (NAMED | {"threads": 100_000}, "config_role", "threads", "to 256"),
    (NAMED | {"max_block": -1}, "config_role", "max_block", "from 1"),
    (NAMED | {"once": True}, "config_role", "once", "find_out"),
    (NAMED | {"name_order": "western"}, "config_role", "name_order", "given_first"),
    (NAMED | {"csv": "cp1258"}, "config_role", "csv", "encoding and delimiter"),
    (NAMED | {"csv": {"codec": "cp1258"}}, "config_key", "csv.codec", "encoding"),
    (NAMED | {"csv": {"encoding": "cp99999"}}, "config_role", "csv.encoding", "cp1258"),
    (NAMED | {"csv": {"left": {"delimiter": "::"}}}, "config_role", "csv.delimiter", "; tab"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "code", "field", "cure"), REFUSED)
def test_config_names_what_it_cannot_take(content: dict, code: str, field: str, cure: str) -> None:
    with pytest.raises(LinkageError) as refused:
        LinkConfig.of(content)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert cure in refused.value.en
    assert refused.value.vi


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        (b"a: [", "line 1, column 5"),
        (b"id: id\nroles:\n\tnumber: n\n", "line 3, column 1: there is a tab, put spaces in its place"),
        (b"id: a\nid: b\n", "key id stands twice"),
        (b"", "lines"),
        (b"- id\n", "lines"),
        (b"\xff\xfei\x00d\x00", "not UTF-8"),
        (b"!!python/object/apply:os.getcwd []\n", "line 1"),
    ],
)
def test_config_that_is_no_yaml_is_refused_with_its_place(tmp_path: Path, written: bytes, cure: str) -> None:
    path = tmp_path / "link.yaml"
    path.write_bytes(written)
    with pytest.raises(LinkageError, match="cannot be read") as refused:
        LinkConfig.read(path)
    assert (refused.value.code, refused.value.field) == ("config_unreadable", "link.yaml")
    assert cure in refused.value.en


def test_config_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LinkageError, match="cannot be read"):
        LinkConfig.read(tmp_path / "absent.yaml")


def test_config_takes_other_columns_on_each_side(tmp_path: Path) -> None:
    path = tmp_path / "link.yaml"
    path.write_text(
        "id: {left: a, right: b}\nroles:\n  number: {left: cccd, right: [cccd, cmnd]}\n", encoding="utf-8-sig"
    )
    config = LinkConfig.read(path)
    assert (config.left.id, config.right.id) == ("a", "b")
    assert (config.left.numbers, config.right.numbers) == (("cccd",), ("cccd", "cmnd"))


def test_config_takes_a_whole_name_on_one_side_and_its_parts_on_the_other() -> None:
    roles = {"full_name": {"left": "name"}, "family": {"right": "surname"}, "given": {"right": "forename"}}
    config = LinkConfig.of({"id": "id", "roles": roles})
    assert config.left.named == ("id", "name")
    assert config.right.named == ("id", "surname", "forename")


def test_config_says_how_the_csv_of_each_side_is_written() -> None:
    config = LinkConfig.of(NAMED | {"csv": {"left": {"encoding": "cp1258"}, "right": {"delimiter": ";"}}})
    assert (config.csv["left"].encoding, config.csv["right"].delimiter) == ("cp1258", ";")
    assert (config.csv["left"].delimiter, config.csv["right"].encoding) == (None, None)
