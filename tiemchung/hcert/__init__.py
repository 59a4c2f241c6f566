"""Health certificates: issue what Viet Nam issues, read what the world issued, say what is wrong with the rest.

    encoded = hcert.issue(dcc, signer, issued_at=now, expires_at=now + timedelta(days=365))
    picture = hcert.qr.svg(encoded.text)
    verdict = hcert.verify(picture_or_text, trust_list, at=now)

docs/reference/hcert.md shows more; docs/reference/hcert-policy.md says what is tolerated and why.
"""

from tiemchung.hcert import qr
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.authority import Authority, demo_authority
from tiemchung.hcert.certificates import SignerCertificate
from tiemchung.hcert.chain import Decoded, Encoded, decode, encode
from tiemchung.hcert.codes import CODES, Status
from tiemchung.hcert.errors import DecodeError, IssueRefused, KeyUnusable, TrustListError
from tiemchung.hcert.inputs import verify
from tiemchung.hcert.issuing import issue
from tiemchung.hcert.signing import PemSigner, Signer
from tiemchung.hcert.trust import TrustedKey, TrustList
from tiemchung.hcert.verdict import Policy, Verdict

__all__ = [
    "CODES",
    "Algorithm",
    "Authority",
    "DecodeError",
    "Decoded",
    "Encoded",
    "IssueRefused",
    "KeyUnusable",
    "PemSigner",
    "Policy",
    "Signer",
    "SignerCertificate",
    "Status",
    "TrustList",
    "TrustListError",
    "TrustedKey",
    "Verdict",
    "decode",
    "demo_authority",
    "encode",
    "issue",
    "qr",
    "verify",
]
