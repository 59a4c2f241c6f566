"""Unique vaccination certificate identifiers: make, read, check and compare them.

The form is `URN:UVCI:01:<country>:<opaque>` (EU eHealth Network, Guidelines on verifiable vaccination certificates,
Annex 2). What the world issued strays from it in every way, so reading never refuses a text; and a wrong check
character says nothing about a certificate, since half of the issuers computed it differently.
"""

import re
import secrets
from dataclasses import dataclass

from tiemchung.hcert.problems import HcertProblem

PREFIX = "URN:UVCI:"
MAX_LENGTH = 80
"""Characters of `ci` (certificate schema 1.3.3)."""

CHECK_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/:"
_VALUE = {form: value for value, character in enumerate(CHECK_ALPHABET) for form in (character, character.lower())}
_OPAQUE_BYTES = 16
_ISSUED = re.compile(r"URN:UVCI:01:[A-Z]{2}:[A-Z0-9/:]+(#[A-Z0-9/:])?")
_READ = re.compile(
    r"(?:urn:uvci:|dgci:)?\s*(?P<version>v?\d{1,2})[:/ ]?(?P<country>[a-z]{2})[:/ ]?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)


class UvciUnusable(HcertProblem):
    """An identifier that must not be issued, or of which no check character can be computed."""

    code = "uvci"


@dataclass(frozen=True, slots=True)
class Uvci:
    """What an identifier says, as far as it can be told; `text` is what was read, `check` follows the `#`."""

    text: str
    version: str | None
    country: str | None
    issuer: str | None
    vaccine: str | None
    opaque: str
    check: str | None

    @property
    def key(self) -> str:
        """Give what identifiers are compared by: upper case, without blanks, prefix and check character."""
        return comparable(self.text)


def make_uvci(country: str = "VN", *, with_check: bool = False) -> str:
    """Make a new identifier: 128 random bits as 32 upper-case hexadecimal digits, tied to nothing of the person.

    `country` is ISO 3166-1 alpha-2. Viet Nam issues without the check character. Raises UvciUnusable.
    """
    text = f"{PREFIX}01:{country}:{secrets.token_hex(_OPAQUE_BYTES).upper()}"
    return check_issuable(f"{text}#{check_character(text)}" if with_check else text)


def check_issuable(text: str) -> str:
    """Give the identifier back when it may be put into a new certificate; raise UvciUnusable when it may not.

    It has the prefix, version 01, a country, A-Z 0-9 / : only, at most 80 characters, and the check character is right.
    """
    if len(text) > MAX_LENGTH or not _ISSUED.fullmatch(text) or check_is_right(text) is False:
        raise UvciUnusable(
            "ci",
            vi=f"Mã chứng nhận {text[:MAX_LENGTH]!r} không đúng mẫu URN:UVCI:01:VN:… Vui lòng tạo mã mới.",
            en=f"{text[:MAX_LENGTH]!r} is not of the form URN:UVCI:01:<country>:<A-Z 0-9 / :>; make a new one",
        )
    return text


def parse_uvci(text: str) -> Uvci:
    """Read an identifier in any of the forms in circulation; what cannot be told is None. Never raises."""
    body, _, check = text.strip().partition("#")
    found = _READ.fullmatch(body)
    if found is None:
        return Uvci(text, None, None, None, None, body, check or None)
    *parts, opaque = found["rest"].split("/")
    issuer, vaccine = (*parts, None, None)[:2] if len(parts) <= 2 else ("/".join(parts[:-1]), parts[-1])
    return Uvci(text, found["version"].upper(), found["country"].upper(), issuer, vaccine, opaque, check or None)


def comparable(text: str) -> str:
    """Give the form by which two identifiers are the same: case, blanks, prefix and check character do not count."""
    body = "".join(text.partition("#")[0].split()).upper()
    return body.removeprefix(PREFIX)


def same_uvci(one: str, other: str) -> bool:
    """Tell whether two texts name the same certificate."""
    return comparable(one) == comparable(other)


def check_character(body: str) -> str:
    """Compute the check character: Luhn modulo 38 over the whole identifier, prefix included, in upper case.

    Source: eu-dcc-schema, examples/Luhn-Mod-N. Raises UvciUnusable for characters outside A-Z 0-9 / and `:`.
    """
    total = sum(_weighed(character, doubled=place % 2 == 0) for place, character in enumerate(reversed(body)))
    return CHECK_ALPHABET[-total % len(CHECK_ALPHABET)]


def check_is_right(text: str) -> bool | None:
    """Tell whether the check character fits; None when there is none. Never a reason to refuse a certificate."""
    body, mark, check = text.strip().partition("#")
    if not mark:
        return None
    if any(character not in _VALUE for character in body):
        return False
    return check == check_character(body)


def _weighed(character: str, *, doubled: bool) -> int:
    if character not in _VALUE:
        raise UvciUnusable(
            "ci",
            vi=f"Ký tự {character!r} không được có trong mã chứng nhận. Chỉ dùng A-Z, 0-9, / và :",
            en=f"{character!r} must not stand in an identifier; use A-Z, 0-9, / and : only",
        )
    value = _VALUE[character] * (2 if doubled else 1)
    return value // len(CHECK_ALPHABET) + value % len(CHECK_ALPHABET)
