"""Keys and contents that the tests of the certificate library share."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from tiemchung import hcert
from tiemchung.hcert import uvci
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.authority import Authority
from tiemchung.hcert.names import vietnamese_name

START = datetime(2022, 1, 1, tzinfo=UTC)
ISSUED = datetime(2022, 5, 1, 8, 30, tzinfo=UTC)
NOW = datetime(2022, 6, 1, tzinfo=UTC)
YEAR = timedelta(days=365)


@cache
def authority() -> Authority:
    """One root for all tests of a process."""
    return hcert.demo_authority(valid_from=START)


def signer(algorithm: Algorithm = Algorithm.ES256, uses: str = "vtr") -> hcert.PemSigner:
    """A signer below the root; the same one each time."""
    return _signer(algorithm, uses)


@cache
def _signer(algorithm: Algorithm, uses: str) -> hcert.PemSigner:
    return authority().new_signer(algorithm, name=f"Test DSC {uses}", valid_from=START, uses=uses)


def trust(*signers: hcert.PemSigner, **bounds: Any) -> hcert.TrustList:
    """A trust list of signers, by default of the usual one."""
    return hcert.TrustList.of_certificates([each.certificate for each in signers or (signer(),)], **bounds)


def dose(**changes: Any) -> dict[str, Any]:
    """One vaccination."""
    return {
        "tg": "840539006",
        "vp": "1119349007",
        "mp": "EU/1/20/1528",
        "ma": "ORG-100030215",
        "dn": 2,
        "sd": 2,
        "dt": "2021-10-10",
        "co": "VN",
        "is": "Bộ Y tế",
        "ci": uvci.make_uvci(),
    } | changes


def content(full_name: str = "Đỗ Thị Phương", dob: str = "1990-02-28", **changes: Any) -> dict[str, Any]:
    """The content of a passport; `changes` are of the dose."""
    names = vietnamese_name(full_name).as_claims()
    return {"ver": "1.3.0", "nam": names, "dob": dob, "v": [dose(**changes)]}


def issued(by: hcert.PemSigner | None = None, **changes: Any) -> hcert.Encoded:
    """A passport issued by the rules."""
    return hcert.issue(content(**changes), by or signer(), issued_at=ISSUED)


def packed(raw: Any, by: hcert.PemSigner | None = None, **claims: Any) -> str:
    """Any content signed as it is, unchecked."""
    times = {"issued_at": int(ISSUED.timestamp()), "expires_at": int((ISSUED + YEAR).timestamp())} | claims
    return hcert.encode(raw, by or signer(), **{"issuer": "VN", **times}).text
