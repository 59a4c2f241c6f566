"""Repair of UTF-8 that was read as a Windows or Latin code page («Nguyá»…n» for «Nguyễn»)."""

import re

_CODE_PAGES = ("cp1252", "cp1258")
_ROUNDS = 2
# A no-break space (0xA0) is part of many Vietnamese letters in UTF-8; clipboards turn it into a plain space.
_LOST_NO_BREAK_SPACE = re.compile(rb"([\xc3-\xc6]|\xe1[\xba\xbb])\x20")


def repair_mojibake(text: str) -> str:
    """Give the text as it was before the wrong reading, or the same text when it was not misread.

    Only what decodes as strict UTF-8 counts as repaired: right Vietnamese text never does, as its letters are
    not in the code pages or make no valid UTF-8. A text misread twice is repaired twice.
    """
    for _ in range(_ROUNDS):
        repaired = next(filter(None, (_undo(text, table) for table in _BYTE_OF.values())), None)
        if repaired is None or repaired == text:
            break
        text = repaired
    return text


def _undo(text: str, byte_of: dict[str, int]) -> str | None:
    if text.isascii() or any(each not in byte_of for each in text):
        return None
    raw = bytes(map(byte_of.__getitem__, text))
    return _strict_utf8(raw) or _with_spaces_put_back(raw)


def _with_spaces_put_back(raw: bytes) -> str | None:
    """Only where the rest proves the misreading by itself: «MÃ LAI» alone is right as it stands."""
    rest = _strict_utf8(_LOST_NO_BREAK_SPACE.sub(b"", raw))
    if rest is None or rest.isascii():
        return None
    return _strict_utf8(_LOST_NO_BREAK_SPACE.sub(rb"\1" + b"\xa0", raw))


def _strict_utf8(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _byte_table(code_page: str) -> dict[str, int]:
    """Map characters to bytes; bytes that the code page leaves undefined come through as C1 controls."""
    latin = {chr(byte): byte for byte in range(256)}
    defined = {bytes([byte]).decode(code_page, "ignore"): byte for byte in range(256)}
    return latin | {character: byte for character, byte in defined.items() if character}


_BYTE_OF = {code_page: _byte_table(code_page) for code_page in _CODE_PAGES}
