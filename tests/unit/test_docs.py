"""What the documents name is there: links, files, commands with their options, settings; and their examples run."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from scripts.reference import walk
from tiemchung.cli.main import group
from tiemchung.hcert import subclaims

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
COMMANDS = dict(walk(group, ("tiemchung",)))
FENCE = re.compile(r"^```(?P<kind>[\w -]*)\n(?P<body>.*?)^```", re.M | re.S)
FOLDERS = "tiemchung|docs|reference_data|tests|scripts|benchmarks"
SETTING = re.compile(r"\b(?:TIEMCHUNG_[A-Z_]*[A-Z]|(?:POPULATION_)?DATABASE_(?:OWNER_)?URL)\b")
FORMAT = re.compile(r"tiemchung (?:questions|answers|changes) \d")  # what files of the exchange call themselves
OF_TESTS = {"TIEMCHUNG_SHARED", "TIEMCHUNG_TEST_DATABASE_URL"}


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


pages = pytest.mark.parametrize("page", PAGES, ids=named)


@pages
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", FENCE.sub("", page.read_text("utf8")))
    assert [each for each in links if "://" not in each and not (page.parent / each).exists()] == []


@pages
def test_every_file_that_is_named_is_there(page):
    given = re.findall(rf"(?<![\w/.-])((?:{FOLDERS})/[\w./-]*\w)", page.read_text("utf8"))
    assert [each for each in given if not list(ROOT.glob(f"{each}*"))] == []


def lines(page: Path) -> Iterator[str]:
    """What the page tells to type: lines of its blocks, and what stands between backticks."""
    text = page.read_text("utf8")
    for block in FENCE.finditer(text):
        if not block["kind"].startswith("python"):
            yield from block["body"].replace("\\\n", " ").splitlines()
    yield from re.findall(r"`([^`\n]+)`", FENCE.sub("", text))


def commands(page: Path) -> Iterator[list[str]]:
    for line in lines(page):
        found = re.search(r"(?:^|\s)(?:\S*/bin/)?(tiemchung [a-z].*)", line)
        said = re.split(r"\s#|\s{3,}| \|", found[1])[0] if found else "…"
        if "…" not in said and not FORMAT.fullmatch(said):
            yield shlex.split(re.sub(r"[\[\]]", " ", said))


@pages
def test_every_command_is_one_and_takes_these_options(page):
    assert [fault for words in commands(page) for fault in faults(words)] == []


def faults(words: list[str]) -> list[str]:
    """What of a command line the commands do not know."""
    path = max((each for each in COMMANDS if tuple(words[: len(each)]) == each), key=len)
    command = COMMANDS[path]
    if isinstance(command, click.Group) and len(words) > len(path) and not words[len(path)].startswith("-"):
        return [f"no command: {' '.join(words)}"]
    known = {spelt for one in command.params for spelt in [*one.opts, *one.secondary_opts]} | {"--help"}
    return [f"{' '.join(path)} has no {word}" for word in words if word.startswith("--") and word not in known]


def test_a_command_or_option_that_went_is_found():
    assert faults(["tiemchung", "accounts", "shut"]) == ["no command: tiemchung accounts shut"]
    assert faults(["tiemchung", "migrate", "--during"]) == ["tiemchung migrate has no --during"]
    assert faults(["tiemchung", "keys", "list", "--embedded", ".run"]) == []


def settings_of_code() -> set[str]:
    return {name for path in ROOT.glob("tiemchung/**/*.py") for name in SETTING.findall(path.read_text("utf8"))}


@pages
def test_every_setting_that_is_named_is_read_somewhere(page):
    assert set(SETTING.findall(page.read_text("utf8"))) - settings_of_code() - OF_TESTS == set()


def test_the_page_of_settings_names_all_that_is_read():
    page = (ROOT / "docs/reference/settings.md").read_text("utf8")
    assert settings_of_code() - set(SETTING.findall(page)) == set()


EXAMPLES = [
    "docs/guide/extend.md",
    "docs/reference/dosing-ideas.md",
    "docs/reference/linkage.md",
    "docs/reference/vietnam.md",
]


@pytest.mark.parametrize("page", EXAMPLES)
def test_the_examples_of_a_page_run(page, tmp_path, monkeypatch):
    examples = re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text("utf8"), re.M | re.S)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subclaims, "_READERS", dict(subclaims._READERS))
    exec(compile("\n".join(examples), page, "exec"), {})
    assert examples


def test_every_decision_stands_in_the_list_once_in_the_order_of_numbers():
    listed = re.findall(r"^\| \[(\d{4})\]\((\S+)\)", (ROOT / "docs/adr/README.md").read_text(encoding="utf-8"), re.M)
    decisions = sorted(path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md"))
    assert [name for _, name in listed] == decisions
    assert all(name.startswith(f"{number}-") for number, name in listed)
