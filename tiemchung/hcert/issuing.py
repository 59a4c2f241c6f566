"""Issuing: everything is checked before anything is signed."""

from datetime import datetime
from typing import Any

from tiemchung.hcert import chain
from tiemchung.hcert.chain import Encoded
from tiemchung.hcert.errors import IssueRefused
from tiemchung.hcert.problems import HcertProblem
from tiemchung.hcert.signing import Signer


def issue(
    content: dict[str, Any], signer: Signer, *, issuer: str = "VN", issued_at: datetime, expires_at: datetime
) -> Encoded:
    """Check an EU DCC strictly, sign it and pack it; times are aware and cut to whole seconds.

    Raises IssueRefused with every problem found, and KeyUnusable if the key fails.
    """
    problems = list(_problems_of_time(signer, issued_at, expires_at))
    if problems:
        raise IssueRefused(tuple(problems))
    return chain.encode(
        content,
        signer,
        issuer=issuer,
        issued_at=int(issued_at.timestamp()),
        expires_at=int(expires_at.timestamp()),
    )


def _problems_of_time(signer: Signer, issued_at: datetime, expires_at: datetime) -> list[HcertProblem]:
    certificate = signer.certificate
    problems = []
    if expires_at <= issued_at:
        problems.append(
            HcertProblem("expires_at", vi="Ngày hết hạn phải sau ngày cấp.", en="The expiry must be after the issue.")
        )
    if issued_at < certificate.not_before or expires_at > certificate.not_after:
        problems.append(
            HcertProblem(
                "expires_at",
                vi="Thời hạn phải nằm trong hạn của chứng thư ký. Rút ngắn hạn, hoặc đổi khóa mới.",
                en="The validity must lie within the signer certificate's. Shorten it, or use a newer key.",
            )
        )
    return problems
