"""Fuzz the certificate library with atheris (not a dependency: install it where this is run).

    python -m tests.conformance.fuzz CORPUS [-max_total_time=600]

The first byte of an input chooses the door, the rest goes through it. What is found and worth keeping belongs in
tests/conformance/corpus, which test_fuzz replays.
"""

import sys

import atheris

with atheris.instrument_imports(include=["tiemchung.hcert"]):
    from tests.conformance.entrances import enter


def one_input(data: bytes) -> None:
    """Send one input of the fuzzer through its door."""
    if data:
        enter(data[0], data[1:])


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
