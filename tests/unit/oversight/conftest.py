"""A sealed database: a played day of a station, with a key for seals."""

from pathlib import Path
from typing import Any

import pytest

from tests.ledger import Day, enrol_key, signed_day
from tiemchung.hcert import SignerCertificate
from tiemchung.passports import keys


@pytest.fixture
def certificate(practice: None) -> SignerCertificate:
    """The seal key is enrolled; this is its certificate."""
    return enrol_key(keys.SEAL)


@pytest.fixture
def day(certificate: SignerCertificate) -> Day:
    """Two people with two doses each, attested; committed, as only finished transactions are sealed."""
    return signed_day(people=2)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where seals are published."""
    settings.SEALS_FOLDER = tmp_path / "seals"
    return tmp_path / "seals"
