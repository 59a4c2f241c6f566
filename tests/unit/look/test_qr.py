"""QR codes: what is drawn reads back, with its quiet zone."""

import re

import numpy as np
import pytest
import zxingcpp

from tiemchung.look.qr import QUIET, modules, qr_svg


def drawn(svg: str) -> np.ndarray:
    """Paint the path of a code: 0 = black, 255 = white."""
    found = re.search(r'viewBox="0 0 (\d+)', svg)
    assert found
    picture = np.full((int(found[1]), int(found[1])), 255, dtype=np.uint8)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg):
        picture[int(y), int(x) : int(x) + int(width)] = 0
    return picture


@pytest.mark.parametrize("text", ["HC1:6BFOXN", "036153001482||Lê Thị Sáu|05091953|Nữ", "A" * 600])
def test_a_code_reads_back(text: str) -> None:
    picture = np.kron(drawn(qr_svg(text, "Mã")), np.ones((4, 4), dtype=np.uint8))
    found = zxingcpp.read_barcode(picture)
    assert found is not None
    assert found.text == text


def test_a_code_has_a_quiet_zone_of_four_modules() -> None:
    picture = drawn(qr_svg("HC1:6BFOXN", "Mã"))
    border = np.concatenate([picture[:QUIET].ravel(), picture[-QUIET:].ravel(), picture[:, :QUIET].ravel()])
    assert (border == 255).all()
    assert picture[QUIET, QUIET] == 0


def test_more_correction_makes_a_larger_code() -> None:
    assert len(modules("A" * 100, "H")) > len(modules("A" * 100, "L"))


def test_a_code_has_a_name_that_is_escaped() -> None:
    assert 'aria-label="Mã &lt;QR&gt;"' in qr_svg("A", "Mã <QR>")
