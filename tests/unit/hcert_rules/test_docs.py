"""The examples of the pages on rules and revocation run as they stand."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[3] / "docs/reference"


@pytest.mark.parametrize("page", ["hcert-rules.md", "hcert-revocation.md"])
def test_examples_of_the_page_hold(page: str) -> None:
    examples = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    for example in examples:
        exec(compile(example, page, "exec"), {})
    assert examples
