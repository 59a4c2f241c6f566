"""What comes of a file that a stranger sends? A picture that we drew anew, or a refusal; its bytes are never kept."""

from io import BytesIO
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from tiemchung.ground import encryption
from tiemchung.ground.errors import InvalidInputError

MOST_BYTES = 8 * 1024 * 1024  # what a phone's camera gives
MOST_PIXELS = 40_000_000  # more unpack into hundreds of megabytes
LONGEST_SIDE = 1600  # pixels: a sheet of paper stays readable
FORMATS = ("JPEG", "PNG", "WEBP")
PURPOSE = "complaint_photo"


def redrawn(file: IO[bytes]) -> bytes:
    """Read a picture and draw it anew as JPEG: upright, at most 1600 pixels, without place, time or device.

    Raises InvalidInputError on photo: too large, no picture of the three kinds, or one that cannot be read.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise _too_large()
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise _too_large()
            return _as_jpeg(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise _no_picture() from error


def sealed(jpeg: bytes) -> bytes:
    """As it is kept."""
    return encryption.encrypt(jpeg, purpose=PURPOSE)


def opened(kept: bytes) -> bytes:
    """The JPEG of what is kept."""
    return encryption.decrypt(bytes(kept), purpose=PURPOSE)


def _as_jpeg(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture).convert("RGB")
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = BytesIO()
    clean.save(out, "JPEG", quality=82)
    return out.getvalue()


def _too_large() -> InvalidInputError:
    return InvalidInputError(
        "photo_too_large",
        field="photo",
        vi="Ảnh quá lớn, nhiều nhất 8 MB. Chụp lại bằng máy ảnh của điện thoại rồi gửi.",
        en="The photo is too large, at most 8 MB. Take it with the phone's camera and send it again.",
    )


def _no_picture() -> InvalidInputError:
    return InvalidInputError(
        "photo_unreadable",
        field="photo",
        vi="Tệp này không đọc được như một ảnh. Gửi ảnh JPEG, PNG hoặc WebP.",
        en="This file cannot be read as a picture. Send a JPEG, PNG or WebP photo.",
    )
