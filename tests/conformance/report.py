"""The conformance table, made from the list of disagreements and what the files are.

    python -m tests.conformance.report FOLDER

prints how our answers compare for any folder of dgc-testdata's countries, and every disagreement.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.testfiles import answer, disagreements, read_all

LISTED = Path(__file__).parent / "disagreements.yaml"
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "hcert-conformance.md"


def listed() -> dict[str, Any]:
    """The countries and the disagreements that are listed with their reasons."""
    return yaml.safe_load(LISTED.read_text("utf-8"))


def rows() -> list[str]:
    """The table of disagreements as the page has it."""
    head = ["| File | Question | Expected | Reason |", "|---|---|---|---|"]
    body = [
        f"| {row['file']} | {row['question']} | {_words(row['expected'])} | {' '.join(row['reason'].split())} |"
        for row in listed()["disagreements"]
    ]
    return head + body


def _words(answer: bool) -> str:
    return "yes" if answer else "no"


def count(folders: list[Path]) -> Counter[str]:
    """How many files were read, and questions asked, answered and not answerable."""
    tally: Counter[str] = Counter()
    for folder in folders:
        for file in read_all(folder):
            tally["files"] += 1
            for question in file.expected:
                tally["asked"] += 1
                tally["lacking"] += answer(file, question) is None
    return tally


def main() -> None:
    """Print the comparison for the folders below the one that is named."""
    folders = sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir())
    found = [row for folder in folders for file in read_all(folder) for row in disagreements(file)]
    for name, question, expected, ours in found:
        print(f"{name}\t{question}\texpected {expected}\tours {ours}")  # noqa: T201
    print(dict(count(folders)), f"{len(found)} disagreements")  # noqa: T201


if __name__ == "__main__":
    main()
