"""Does this certificate hold? Judged by the platform's own verifier, with our keys and our revocations."""

from datetime import datetime

from tiemchung import hcert
from tiemchung.ground import clock
from tiemchung.hcert import Decoded, SignerCertificate, TrustedKey, TrustList, Verdict
from tiemchung.passports import models

COUNTRY = "VN"


class OwnRevocations:
    """What is revoked of our own certificates; of other countries we have no list here."""

    def state(self, decoded: Decoded, *, country: str | None, at: datetime) -> str:
        """One of clear, revoked and absent."""
        if country != COUNTRY:
            return "absent"
        revoked = models.Revocation.objects.filter(passport__uvci__in=_identifiers(decoded), revoked_at__lte=at)
        return "revoked" if revoked.exists() else "clear"


def trust_list() -> TrustList:
    """Our own signer certificates for passports, the withdrawn ones marked."""
    rows = models.SignerCertificate.objects.filter(use="passport").order_by("key_id")
    return TrustList(
        tuple(
            TrustedKey.of_certificate(
                SignerCertificate.read(row.pem.encode()), country=COUNTRY, withdrawn_at=row.withdrawn_at
            )
            for row in rows
        )
    )


def verify(given: str | bytes) -> Verdict:
    """Judge a text, or the bytes of a picture, now. Never raises: what cannot be read is a verdict too."""
    return hcert.verify(given, trust_list(), at=clock.now(), revocation=OwnRevocations())


def _identifiers(decoded: Decoded) -> list[str]:
    entries = decoded.dcc.get("v") if isinstance(decoded.dcc, dict) else None
    return [str(entry.get("ci")) for entry in entries or [] if isinstance(entry, dict)]
