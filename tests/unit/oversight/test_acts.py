"""Every act that the code writes into the audit log has words for the auditor who reads it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import override

import tiemchung
from tiemchung.complaints.models import ComplaintStep
from tiemchung.oversight import acts
from tiemchung.passports.models import KeyCeremony

PACKAGE = Path(tiemchung.__file__).parent
DOMAINS = {path.parent.name for path in PACKAGE.glob("*/apps.py")}
ACT = re.compile(rf"(?:{'|'.join(sorted(DOMAINS))})\.[a-z_]+")
MADE = {f"complaints.{act}" for act in ComplaintStep.Act.values} | {
    f"passports.{verb}_{act}" for verb in ("propose", "approve", "refuse") for act in KeyCeremony.Act.values
}  # those whose code is put together where they are written


def written() -> Iterator[str]:
    """Codes of acts in what writes: every file of actions, and every other one that calls the audit log."""
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        writes = "actions" in path.name or "import audit" in text or "audit.entry" in text
        if writes and not {"population", "ground"} & set(path.parts):
            constants = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
            yield from (value for value in constants if isinstance(value, str) and ACT.fullmatch(value))


def test_every_act_has_its_words_and_every_word_its_act() -> None:
    found = set(written()) | MADE
    assert len(found) > 80
    assert found - acts.words().keys() == set()
    assert acts.words().keys() - found == {"access.refused"}  # written where requests are answered, from a right's name


def test_both_languages_are_there_and_no_two_acts_read_alike() -> None:
    for language in ("vi", "en"):
        said = [words[language] for words in acts.words().values()]
        assert all(said)
        assert len(set(said)) == len(said)


def test_an_act_is_read_in_the_reader_s_language_and_an_unknown_one_by_its_code() -> None:
    with override("vi"):
        assert acts.word("doses.record") == "Ghi mũi tiêm"
    with override("en"):
        assert acts.word("doses.record") == "Recorded a dose"
    assert acts.word("tests.act") == "tests.act"


def test_what_was_noted_reads_without_brackets_and_without_counts_of_nothing() -> None:
    assert acts.noted('{"events": {"accepted": 12, "conflict": 0}, "way": "cccd_qr"}') == "accepted: 12, way: cccd_qr"
    assert acts.noted("{}") == ""
