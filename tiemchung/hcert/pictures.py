"""Pictures from strangers: opened within bounds of time and memory, as grey pixels worth searching for symbols.

A file of 1 MB can hold a thousand million pixels, or a pattern made to keep a symbol reader busy for seconds. Both
are told from what is cheap to know: the header, and how many finder patterns there are.
"""

import struct
import warnings
from io import BytesIO
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from tiemchung.hcert.errors import DecodeError
from tiemchung.hcert.limits import MAX_FINDERS, MAX_INPUT_BYTES, MAX_PICTURE_WORK, READ_PICTURE_PIXELS

Grey: TypeAlias = NDArray[np.uint8]

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I": 2, "LA": 2, "RGB": 3, "RGBA": 4}
# Nanoseconds to decode a pixel, measured on one core with Pillow 13: PNG and BMP go by the bytes of a pixel, WebP is
# slow, a progressive JPEG must be decoded whole while a plain one is shrunk on the way.
_PER_BYTE = {"PNG": 4.0, "BMP": 3.0}
_PER_PIXEL = {"GIF": 8.0, "WEBP": 24.0, "JPEG": 1.0}
_PROGRESSIVE = 6.0
_BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, struct.error)


def searchable(picture: bytes) -> Grey:
    """The grey pixels of a picture, shrunk to 1.6 million if it has more.

    Raises DecodeError: D|SIZ for too many bytes or pixels, D|PIC for what is no picture, D|QR for a picture so full of
    finder patterns that it cannot be a certificate.
    """
    if len(picture) > MAX_INPUT_BYTES:
        raise DecodeError("D|SIZ", f"{len(picture)} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            grey = np.asarray(_opened(picture))
    except Image.DecompressionBombError as bomb:
        raise DecodeError("D|SIZ", str(bomb)) from None
    except DecodeError:
        raise
    except _BROKEN as broken:
        raise DecodeError("D|PIC", type(broken).__name__) from None
    if finders(grey) > MAX_FINDERS:
        raise DecodeError("D|QR", "the picture is full of finder patterns")
    return grey


def _opened(picture: bytes) -> Image.Image:
    image = Image.open(BytesIO(picture), formats=FORMATS)
    if work(image) > MAX_PICTURE_WORK:
        raise DecodeError("D|SIZ", f"{image.width} x {image.height} pixels")
    return _grey(image)


def work(image: Image.Image) -> float:
    """About how many nanoseconds the picture takes to decode, from its header."""
    pixels = image.width * image.height
    if image.format in _PER_BYTE:
        return pixels * _PER_BYTE[image.format] * _BYTES.get(image.mode, 4)
    if image.format == "JPEG" and image.info.get("progressive"):
        return pixels * _PROGRESSIVE
    return pixels * _PER_PIXEL[str(image.format)]


def _grey(image: Image.Image) -> Image.Image:
    """Grey and shrunk; what is transparent counts as white paper."""
    image.draft("L", _shrunk(image.size))
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA") if "transparency" in image.info else image
        alpha = image.getchannel("A")
        grey = Image.new("L", image.size, 255)
        grey.paste(image.convert("L"), mask=alpha)
    else:
        grey = image.convert("L")
    factor = -(-grey.width // _shrunk(grey.size)[0])
    return grey.reduce(factor) if factor > 1 else grey


def _shrunk(size: tuple[int, int]) -> tuple[int, int]:
    """The size at which a picture is searched."""
    width, height = size
    factor = max(1.0, (width * height / READ_PICTURE_PIXELS) ** 0.5)
    return max(1, int(width / factor)), max(1, int(height / factor))


def finders(grey: Grey) -> float:
    """About how many finder patterns a picture has: dark and light in the ratio 1:1:3:1:1 over several rows.

    A symbol has three, and its reader tries them three by three.
    """
    edges, runs, total = _fives(grey)
    if not len(total):
        return 0.0
    fits = abs(14 * runs[2:-2] - 6 * total) <= 3 * total
    for single in (runs[:-4], runs[1:-3], runs[3:-1], runs[4:]):
        fits &= abs(14 * single - 2 * total) <= total
    starts, modules = edges[:-5][fits], total[fits] / 7
    again = np.isin(starts + grey.shape[1] + 2, starts)
    return float((1 / (3 * modules[again] - 1).clip(1)).sum())


def bullseyes(grey: Grey) -> float:
    """About how many modules look like the middle of an Aztec symbol: five runs of dark and light about as long.

    Its reader looks closely at each, which takes half a second where fine stripes fill the picture.
    """
    _, runs, total = _fives(grey)
    alike = np.ones(len(total), np.bool_)
    for at in range(5):
        alike &= abs(10 * runs[at : at + len(total)] - 2 * total) <= total + 5
    return float((5 / total[alike]).sum())


def _fives(grey: Grey) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.int32]]:
    """Where dark and light change, row after row; how long each run is, and each five runs on end."""
    flat = np.pad(grey < grey.mean(), ((0, 0), (1, 1))).ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    runs = np.diff(edges).astype(np.int32)
    if len(runs) < 5:
        return edges, runs, np.empty(0, np.int32)
    return edges, runs, runs[:-4] + runs[1:-3] + runs[2:-2] + runs[3:-1] + runs[4:]
