"""QR symbols: drawing them as SVG and PNG, and reading all of them from a picture.

Text of the chain is Base45 and so fits the alphanumeric mode, which takes 5.5 bits a character. HCERT 1.0.8
(section 4.2) recommends error correction Q; M and L make a coarser symbol for small or poor prints.
"""

import struct
import zlib
from typing import TypeAlias

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from tiemchung.hcert import pictures
from tiemchung.hcert.errors import DecodeError
from tiemchung.hcert.limits import MANY_BULLSEYES, MAX_BULLSEYES, MAX_SYMBOLS, MAX_TEXT
from tiemchung.hcert.problems import HcertProblem

QUIET_ZONE = 4
"""Modules of white around the symbol (ISO/IEC 18004, 9.1)."""

_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_AZTEC = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Aztec])

Modules: TypeAlias = NDArray[np.bool_]


class QrUndrawable(HcertProblem):
    """The text does not fit a QR symbol at this level."""


def modules(text: str, level: str = "Q") -> Modules:
    """The symbol as a square of booleans (True is dark) without quiet zone.

    `level` is L, M, Q or H. Raises QrUndrawable for another level, or for text that does not fit.
    """
    if level not in ("L", "M", "Q", "H"):
        raise QrUndrawable(
            "level", vi="Mức sửa lỗi phải là L, M, Q hoặc H.", en="The error correction level must be L, M, Q or H."
        )
    try:
        symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    except ValueError as broken:
        raise QrUndrawable(
            "text",
            vi="Nội dung quá dài cho một mã QR. Chọn mức sửa lỗi thấp hơn (M hoặc L).",
            en=f"The text is too long for one QR code: {broken}. Choose a lower level (M or L).",
        ) from None
    dark: Modules = np.asarray(symbol.to_image(scale=1, add_quiet_zones=False)) == 0
    return dark


def svg(text: str, level: str = "Q", *, size_mm: float | None = None) -> str:
    """The symbol as SVG: square modules on white, one path, crisp at any size."""
    dark = modules(text, level)
    side = dark.shape[0] + 2 * QUIET_ZONE
    size = f' width="{size_mm:g}mm" height="{size_mm:g}mm"' if size_mm else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg"{size} viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="#000" d="{_runs(dark)}"/></svg>'
    )


def _runs(dark: Modules) -> str:
    """One rectangle for each run of dark modules in a row."""
    edges = np.diff(np.pad(dark, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges == 1)
    _, ends = np.nonzero(edges == -1)
    return "".join(
        f"M{start + QUIET_ZONE} {row + QUIET_ZONE}h{end - start}v1h-{end - start}z"
        for row, start, end in zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True)
    )


def png(text: str, level: str = "Q", *, scale: int = 6) -> bytes:
    """The symbol as a black and white PNG, `scale` pixels to a module, quiet zone included."""
    light = ~np.pad(modules(text, level), QUIET_ZONE)
    row_bytes = np.packbits(np.repeat(light, scale, axis=1), axis=1)
    rows = np.zeros((len(light), row_bytes.shape[1] + 1), np.uint8)
    rows[:, 1:] = row_bytes
    side = len(light) * scale
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    pixels = zlib.compress(np.repeat(rows, scale, axis=0).tobytes())
    return b"\x89PNG\r\n\x1a\n" + _png_chunk(b"IHDR", header) + _png_chunk(b"IDAT", pixels) + _png_chunk(b"IEND", b"")


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def read(picture: bytes) -> list[str]:
    """The text of every QR and Aztec symbol in a PNG, JPEG, GIF, BMP or WebP picture, at most 16 of them.

    Raises DecodeError: D|SIZ beyond 1 MB or too many pixels, D|PIC if it is no picture, D|QR if no symbol is found.
    """
    grey = pictures.searchable(picture)
    texts = _search(grey, _QR)
    if (bullseyes := pictures.bullseyes(grey)) <= MAX_BULLSEYES:
        texts += _search(grey, _AZTEC, inverted=bullseyes < MANY_BULLSEYES)
    found = [text for text in texts[:MAX_SYMBOLS] if len(text) <= MAX_TEXT]
    if not found:
        raise DecodeError("D|QR")
    return found


def _search(grey: pictures.Grey, formats: zxingcpp.BarcodeFormats, *, inverted: bool = True) -> list[str]:
    barcodes = zxingcpp.read_barcodes(grey, formats=formats, try_invert=inverted, text_mode=zxingcpp.TextMode.Plain)
    return [barcode.text for barcode in barcodes]
