"""What a process has loaded before it answers its first caller."""

import subprocess
import sys

FIRST_CALLER = """
import sys
from tiemchung.ground.wsgi import application
from tiemchung.campaigns.screening_questions import _content
from tiemchung.doses.course import rules
print(sorted(name for name in sys.modules if name.startswith("tiemchung.") and name.endswith(".urls")))
print(rules.cache_info().currsize, _content.cache_info().currsize)
"""


def test_the_first_caller_waits_for_no_page_and_no_rule_to_be_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", FIRST_CALLER], capture_output=True, text=True, check=False)
    pages, loaded = done.stdout.splitlines() or (done.stderr, "")
    for door in ("api", "clinic", "healthbook", "office", "portal"):
        assert f"tiemchung.{door}.urls" in pages
    assert loaded == "1 1"
