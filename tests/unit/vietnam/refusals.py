"""What the tests of this folder share."""

from collections.abc import Callable
from typing import Any

from tiemchung.vietnam.errors import InputError


def outcome(read: Callable[..., Any], *arguments: object) -> tuple[Any, InputError | None]:
    """Call a reader: what it read and None, or None and its typed refusal; any other error fails the test."""
    try:
        return read(*arguments), None
    except InputError as error:
        return None, error
