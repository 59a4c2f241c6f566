"""A wrong call is told to its programmer at once: which argument, and what it should be."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.unit.hcert.samples import NOW, content, signer
from tiemchung import hcert

NAIVE = datetime(2022, 6, 1)  # noqa: DTZ001
NOBODY = hcert.TrustList(())


@pytest.mark.parametrize("given", [None, 5, Path("certificate.png")])
def test_what_is_neither_text_nor_bytes_is_no_certificate(given):
    with pytest.raises(TypeError, match=r"text or bytes, not .*; read a file first"):
        hcert.verify(given, NOBODY, at=NOW)


def test_bytes_of_any_kind_are_read():
    assert hcert.verify(bytearray(b"HC1:"), NOBODY, at=NOW) == hcert.verify(b"HC1:", NOBODY, at=NOW)


def test_a_time_without_a_zone_is_refused_by_name():
    with pytest.raises(TypeError, match="at must be a datetime with a time zone"):
        hcert.verify("HC1:", NOBODY, at=NAIVE)
    with pytest.raises(TypeError, match="issued_at must be"):
        hcert.issue(content(), signer(), issued_at=NAIVE)
    with pytest.raises(TypeError, match="expires_at must be"):
        hcert.issue(content(), signer(), issued_at=NOW, expires_at=NAIVE)


def test_encoding_takes_seconds_and_no_moments():
    with pytest.raises(TypeError, match="issued_at must be Unix seconds"):
        hcert.encode(content(), signer(), issuer="VN", issued_at=datetime(2022, 6, 1, tzinfo=UTC), expires_at=1)


def test_a_root_and_its_signers_name_what_they_are_for():
    with pytest.raises(ValueError, match="two letters of ISO 3166"):
        hcert.demo_authority("Viet Nam", valid_from=NOW)
    with pytest.raises(ValueError, match=r"some of v .* not 'z'"):
        hcert.demo_authority(valid_from=NOW).new_signer(name="DSC", valid_from=NOW, uses="z")
