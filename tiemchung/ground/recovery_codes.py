"""Recovery codes: ways in without the app of a second factor, on paper, each good for once. Both sides have them."""

import secrets

HOW_MANY = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is read as another


def made() -> list[str]:
    """Ten codes of 49 random bits each."""
    return ["-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in "ab") for _ in range(HOW_MANY)]


def plain(code: str) -> str:
    """A code as it is hashed; spaces, hyphens and capitals do not matter."""
    return "".join(code.casefold().replace("-", " ").split())
