"""Symbols drawn and read; pictures from strangers within bounds."""

import re
from io import BytesIO

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from tests.unit.hcert.samples import NOW, issued, packed, signer, trust
from tiemchung import hcert
from tiemchung.hcert import inputs, pictures, qr
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.errors import DecodeError


def saved(image, kind="PNG", **options) -> bytes:
    buffer = BytesIO()
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(buffer, kind, **options)
    return buffer.getvalue()


def drawn(text="HC1:" + "A0+" * 60, scale=4) -> Image.Image:
    return Image.open(BytesIO(qr.png(text, scale=scale))).convert("L")


def refusal(data) -> str:
    with pytest.raises(DecodeError) as refused:
        qr.read(data)
    return refused.value.code


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_what_is_drawn_is_read(level, algorithm):
    text = issued(signer(algorithm)).text
    assert qr.read(qr.png(text, level)) == [text]


def test_text_of_the_chain_is_drawn_in_alphanumeric_mode():
    text = issued(signer(Algorithm.PS256)).text
    version = (len(qr.modules(text, "Q")) - 17) // 4
    most = {22: 1003 * 8 // 8, 23: 1091}
    assert version <= 23
    assert len(text) <= most[23]
    assert len(qr.modules(text.lower(), "Q")) > len(qr.modules(text, "Q"))


def test_level_of_error_correction_is_the_one_asked_for():
    for level in "LMQH":
        symbol = zxingcpp.read_barcodes(Image.open(BytesIO(qr.png("HC1:ABC", level))).convert("L"))[0]
        assert symbol.ec_level == level


def test_modules_are_square_and_the_quiet_zone_is_four_wide():
    image = np.asarray(Image.open(BytesIO(qr.png("HC1:ABC", scale=5))).convert("L"))
    assert image.shape[0] == image.shape[1] == 5 * (21 + 8)
    assert image[:20].min() == 255
    assert image[20:25, 20:25].max() == 0


def test_svg_draws_the_same_modules_as_png():
    text = issued().text
    svg = qr.svg(text, size_mm=45)
    side = len(qr.modules(text)) + 8
    canvas = np.zeros((side, side), bool)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h", svg):
        canvas[int(y), int(x) : int(x) + int(width)] = True
    assert np.array_equal(canvas[4:-4, 4:-4], qr.modules(text))
    assert f'viewBox="0 0 {side} {side}"' in svg
    assert 'width="45mm"' in svg


@pytest.mark.parametrize(("text", "level", "field"), [("A" * 2421, "Q", "text"), ("A", "X", "level")])
def test_what_cannot_be_drawn_is_refused(text, level, field):
    with pytest.raises(qr.QrUndrawable) as refused:
        qr.svg(text, level)
    assert refused.value.field == field


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "WEBP"])
def test_common_kinds_of_pictures_are_read(kind):
    assert qr.read(saved(drawn("HC1:ABC"), kind)) == ["HC1:ABC"]


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.rotate(90, expand=True),
        lambda image: image.rotate(20, expand=True, fillcolor=255),
        lambda image: image.point(lambda value: 255 - value),
        lambda image: image.resize((image.width * 3 // 2, image.height)),
        lambda image: image.convert("RGB").convert("P"),
        lambda image: image.convert("1"),
        lambda image: image.resize((5 * image.width, 5 * image.height)),
    ],
    ids=["turned", "tilted", "inverted", "not square", "palette", "black and white", "large"],
)
def test_turned_inverted_stretched_and_large_pictures_are_read(change):
    text = "HC1:" + "A0+" * 60
    assert qr.read(saved(change(drawn(text)))) == [text]


def test_transparency_counts_as_white_paper():
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    symbol = drawn("HC1:ABC", scale=8)
    image.paste((0, 0, 0, 255), (20, 20), mask=symbol.point(lambda value: 255 - value))
    assert qr.read(saved(image)) == ["HC1:ABC"]


def test_all_symbols_are_read_and_the_certificate_is_chosen():
    sheet = Image.new("L", (900, 400), 255)
    sheet.paste(drawn("https://example.org"), (10, 10))
    sheet.paste(drawn("HC1:ABC"), (500, 10))
    assert sorted(qr.read(saved(sheet))) == ["HC1:ABC", "https://example.org"]
    assert inputs.certificate_text(saved(sheet)) == "HC1:ABC"


def test_aztec_symbols_are_read():
    symbol = zxingcpp.create_barcode("HC1:ABC", zxingcpp.BarcodeFormat.Aztec)
    assert qr.read(saved(np.asarray(symbol.to_image(scale=6, add_quiet_zones=True)))) == ["HC1:ABC"]


@pytest.mark.parametrize(
    "data", [b"", b"text", b"\x89PNG\r\n\x1a\n", qr.png("HC1:ABC")[:120], b"BM" + bytes(60), b"GIF89a\1\0\1\0\0\0\0;"]
)
def test_what_is_no_picture_is_refused(data):
    assert refusal(data) == "D|PIC"


@pytest.mark.parametrize(
    ("mode", "size", "kind"),
    [
        ("1", (20_000, 20_000), "PNG"),
        ("RGBA", (3000, 3000), "PNG"),
        ("RGB", (3000, 2000), "WEBP"),
        ("L", (12_000, 12_000), "JPEG"),
    ],
)
def test_pictures_of_too_many_pixels_are_refused_unread(mode, size, kind):
    assert refusal(saved(Image.new(mode, size), kind)) == "D|SIZ"


def test_files_beyond_a_megabyte_are_refused_unread():
    assert refusal(bytes(1_048_577)) == "D|SIZ"


def test_pictures_without_a_symbol_say_so():
    assert refusal(saved(np.full((300, 300), 255, np.uint8))) == "D|QR"


@pytest.mark.parametrize("invert", [False, True])
def test_a_picture_full_of_finder_patterns_is_not_searched(invert):
    finder = np.full((9, 9), 255, np.uint8)
    finder[1:8, 1:8], finder[2:7, 2:7], finder[3:6, 3:6] = 0, 255, 0
    tiled = np.tile(255 - finder if invert else finder, (60, 60))
    assert refusal(saved(tiled)) == "D|QR"
    assert pictures.finders(tiled) > 1500


def stripes(width: int, height: int, size: int = 1264) -> np.ndarray:
    """Blocks of dark and light, which look like the middle of an Aztec symbol everywhere."""
    down, across = np.mgrid[0:size, 0:size]
    return ((down // height + across // width) % 2 * 255).astype(np.uint8)


@pytest.mark.parametrize("blocks", [(1, 1), (1, 2), (2, 2), (2, 4)])
def test_a_picture_full_of_fine_blocks_is_not_searched_for_aztec(blocks, monkeypatch):
    searched = []
    monkeypatch.setattr(qr, "_search", lambda _, formats: searched.append(formats) or [])
    assert refusal(saved(Image.fromarray(stripes(*blocks)))) == "D|QR"
    assert searched == [qr._QR]


@pytest.mark.parametrize("darkest", [0, 120])
def test_the_largest_aztec_symbol_is_read_in_a_noisy_photo(darkest):
    symbol = zxingcpp.create_barcode("HC1:" + "A0+" * 600, zxingcpp.BarcodeFormat.Aztec).to_image(scale=4)
    noise = np.random.default_rng(1).integers(darkest, 256, (1200, 1300), dtype=np.uint8)
    photo = Image.fromarray(noise)
    photo.paste(Image.fromarray(np.asarray(symbol)), (100, 100))
    assert qr.read(saved(photo, "JPEG", quality=80)) == ["HC1:" + "A0+" * 600]


def test_a_page_of_symbols_is_searched():
    sheet = Image.new("L", (1100, 1100), 255)
    symbol = drawn("HC1:ABC", scale=2)
    for at in range(100):
        sheet.paste(symbol, (at % 10 * 100 + 20, at // 10 * 100 + 20))
    assert 250 < pictures.finders(np.asarray(sheet)) < 1500
    assert qr.read(saved(sheet)) == ["HC1:ABC"] * 16


def test_pictures_and_text_are_judged_alike():
    text = packed({"ver": "1.3.0"})
    codes = {hcert.verify(data, trust(), at=NOW).code for data in (text, text.encode(), qr.png(text))}
    assert codes == {"C|DCC"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe\xfd", "D|PRE"),
        (b"x" * 9000, "D|SIZ"),
        (bytes(2_000_000), "D|SIZ"),
        (b"", "D|PRE"),
        (b"\x89PNG\r\n\x1a\n", "D|PIC"),
    ],
)
def test_what_is_neither_picture_nor_text_is_a_verdict_too(data, code):
    assert hcert.verify(data, trust(), at=NOW).code == code
