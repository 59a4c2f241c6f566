"""What did a program of PostgreSQL say when it gave up? Read in one place, whoever ran it and whatever for."""

import re

_FULL = "No space left on device"
_COMPLAINT = re.compile(r"(?:FATAL|PANIC|error): +(.+)")


def disk_is_full(said: str) -> bool:
    """Whether the reason is that a disk is full."""
    return _FULL in said


def complaints(said: str) -> list[str]:
    """What it complained of, in its order; else its last line; of one that said nothing a question mark."""
    return _COMPLAINT.findall(said) or (said.strip().splitlines() or ["?"])[-1:]
