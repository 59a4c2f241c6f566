"""The verdict on a certificate: valid, invalid, or unknown because we lack what it takes to tell.

Order of the checks: the envelope decodes; a trusted key is found; the signature holds; only then is anything
that the certificate says believed: times, key use, content, revocation. The first check that fails decides.
What the trust list or a revocation list cannot tell makes the verdict unknown, never valid.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from tiemchung.hcert import subclaims
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.chain import Decoded, decode_all
from tiemchung.hcert.codes import CODES, Status
from tiemchung.hcert.content import Content
from tiemchung.hcert.errors import DecodeError
from tiemchung.hcert.limits import MAX_KID_CANDIDATES
from tiemchung.hcert.trust import TrustedKey, TrustList


class RevocationCheck(Protocol):
    """What the verdict asks of revocation data."""

    def state(self, decoded: Decoded, *, country: str | None, at: datetime) -> str:
        """One of "clear", "revoked", "stale" (out of date) and "absent" (none for this country)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The choices that a verifier may make; docs/reference/hcert-policy.md gives the reasons."""

    unprotected_algorithm: bool = True
    p384_under_es256: bool = True
    leeway: timedelta = timedelta(0)


class Verdict(NamedTuple):
    """The outcome: `code` is "OK" or the stage code that decided, `notes` the deviations tolerated."""

    status: Status
    code: str
    decoded: Decoded | None = None
    signer: TrustedKey | None = None
    believed: Content | None = None
    notes: tuple[str, ...] = ()
    detail: str = ""

    @property
    def words(self) -> dict[str, str]:
        """What to tell people, in Vietnamese and English."""
        return CODES[self.code].words

    @property
    def content(self) -> Any:
        """What the certificate says as its issuer wrote it; None unless the signature was found good."""
        return self.believed.raw if self.believed is not None else None


class _Refused(Exception):
    """A check has failed with a code; caught in this module alone."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


DEFAULT_POLICY = Policy()


def verify(
    text: str,
    trust: TrustList,
    *,
    at: datetime,
    revocation: RevocationCheck | None = None,
    policy: Policy = DEFAULT_POLICY,
) -> Verdict:
    """Judge the text of a QR symbol at an (aware) time; never raises for bad input.

    Without `revocation`, revocation is not looked at and the notes say so.
    """
    return verify_all((text,), trust, at=at, revocation=revocation, policy=policy)[0]


def verify_all(
    texts: Sequence[str],
    trust: TrustList,
    *,
    at: datetime,
    revocation: RevocationCheck | None = None,
    policy: Policy = DEFAULT_POLICY,
) -> list[Verdict]:
    """Do what `verify` does for many at once, which is faster; in their order."""
    found = decode_all(texts)
    readable = [one for one in found if not isinstance(one, DecodeError)]
    judged = iter(judge_all(readable, trust, at=at, revocation=revocation, policy=policy))
    return [unreadable(one) if isinstance(one, DecodeError) else next(judged) for one in found]


def unreadable(broken: DecodeError) -> Verdict:
    """The verdict on what cannot be decoded."""
    return Verdict(CODES[broken.code].status, broken.code, detail=broken.detail)


def judge(
    decoded: Decoded,
    trust: TrustList,
    *,
    at: datetime,
    revocation: RevocationCheck | None = None,
    policy: Policy = DEFAULT_POLICY,
) -> Verdict:
    """Judge a certificate that is decoded already."""
    return judge_all((decoded,), trust, at=at, revocation=revocation, policy=policy)[0]


def judge_all(
    decoded: Iterable[Decoded],
    trust: TrustList,
    *,
    at: datetime,
    revocation: RevocationCheck | None = None,
    policy: Policy = DEFAULT_POLICY,
) -> list[Verdict]:
    """Judge certificates that are decoded already: each check is made for all before the next."""
    asked = _Asked(trust, at, at.timestamp(), policy.leeway.total_seconds(), revocation, policy)
    runs = [_Run(one, asked) for one in decoded]
    for check in _CHECKS:
        for run in runs:
            if run.refused is None:
                try:
                    check(run)
                except _Refused as refused:
                    run.refused = refused.with_traceback(None)  # a frame would hold the run, and the run it
    return [run.verdict() for run in runs]


class _Asked(NamedTuple):
    """What all judgements of one batch are made by; `seconds` is `at` in Unix time, `leeway` is in seconds too."""

    trust: TrustList
    at: datetime
    seconds: float
    leeway: float
    revocation: RevocationCheck | None
    policy: Policy


class _Run:
    """One judgement under way."""

    __slots__ = ("asked", "content", "decoded", "notes", "refused", "signer")

    def __init__(self, decoded: Decoded, asked: _Asked) -> None:
        self.decoded, self.asked = decoded, asked
        self.notes = list(decoded.notes)
        self.signer: TrustedKey | None = None
        self.content: Content | None = None
        self.refused: _Refused | None = None

    def verdict(self) -> Verdict:
        """What the checks have come to."""
        notes, refused = tuple(self.notes), self.refused
        if refused is None:
            return Verdict(Status.VALID, "OK", self.decoded, self.signer, self.content, notes)
        status = CODES[refused.code].status
        return Verdict(status, refused.code, self.decoded, self.signer, self.content, notes, refused.detail)

    @property
    def key(self) -> TrustedKey:
        """The key whose signature holds; the signature check runs before any check that asks."""
        assert self.signer is not None
        return self.signer


def check_algorithm(run: _Run) -> None:
    """The algorithm must be ES256 or PS256; one that is not signed counts only where policy allows."""
    message = run.decoded.message
    if message.algorithm not in _ALGORITHMS:
        raise _Refused("K|ALG", f"alg {message.algorithm!r}"[:40])
    if "N|ALG" in message.notes and not run.asked.policy.unprotected_algorithm:
        raise _Refused("K|ALG", "only in the unprotected header")


def check_signature(run: _Run) -> None:
    """One of the trusted keys with this key id must verify the signature over the raw protected bytes."""
    message, trust = run.decoded.message, run.asked.trust
    kid, algorithm = message.kid, message.algorithm
    if kid is None:
        raise _Refused("K|KID")
    candidates = trust.find(kid)[:MAX_KID_CANDIDATES]
    if not candidates:
        raise _Refused("L|OLD" if run.asked.at > trust.valid_until else "K|UNK", kid.hex())
    for key in candidates:
        if key.algorithm == algorithm and key.holds(message.signature, message.to_be_signed):
            run.signer = key
            return
    raise _Refused(_why_none(candidates, algorithm))


def _why_none(candidates: Sequence[TrustedKey], algorithm: int) -> str:
    """The code for candidates of which none has signed."""
    if any(key.algorithm == algorithm for key in candidates):
        return "S|SIG"
    return "K|BAD" if all(key.key is None for key in candidates) else "K|TYP"


def check_curve(run: _Run) -> None:
    """ES256 means P-256 in HCERT; RFC 8152 left the curve open, and a trusted P-384 key is no weaker."""
    key = run.key.key
    if run.key.algorithm == Algorithm.ES256 and key is not None and key.key_size != 256:
        if not run.asked.policy.p384_under_es256:
            raise _Refused("K|TYP", f"{key.key_size} bits")
        run.notes.append("N|P384")


def check_key(run: _Run) -> None:
    """The key must not be withdrawn and its certificate must be valid now."""
    key = run.key
    if key.withdrawn_at is not None and key.withdrawn_at <= run.asked.at:
        raise _Refused("K|WDN", key.withdrawn_at.date().isoformat())
    if run.asked.at > key.not_after:
        raise _Refused("K|EXP", key.not_after.isoformat())
    if run.asked.at < key.not_before - run.asked.policy.leeway:
        raise _Refused("K|NYV", key.not_before.isoformat())


def check_time(run: _Run) -> None:
    """The certificate must be issued already, and not have expired (HCERT 1.0.8, 3.3.6)."""
    claims, at, leeway = run.decoded.claims, run.asked.seconds, run.asked.leeway
    issued_at, expires_at = claims.issued_at, claims.expires_at
    if expires_at is None:
        raise _Refused("T|MIS")
    if at > expires_at + leeway:
        raise _Refused("T|EXP", str(claims.expires))
    if issued_at is not None and at < issued_at - leeway:
        raise _Refused("T|NYV", str(claims.issued))
    not_before, not_after = run.key.validity
    if issued_at is not None and issued_at < not_before:
        run.notes.append("N|EARLY")
    if expires_at > not_after:
        run.notes.append("N|LATE")


def check_content(run: _Run) -> None:
    """The content must be understood, and be of a kind that the key may sign."""
    try:
        run.content = found = subclaims.read(run.decoded.claims.contents)
    except DecodeError as broken:
        raise _Refused(broken.code, broken.detail) from None
    run.notes.extend(found.notes)
    uses = run.key.uses
    if found.kind not in uses:
        raise _Refused("K|USE", f"{found.kind} by a key for {', '.join(sorted(uses))}")


def check_country(run: _Run) -> None:
    """An issuer other than the key's country is told, not refused: territories and ministries sign."""
    issuer, country = run.decoded.claims.issuer, run.key.country
    if issuer and country and len(issuer) == 2 and issuer != country:
        run.notes.append("N|CTY")


def check_revocation(run: _Run) -> None:
    """The certificate must not be revoked, and where a list is asked it must be there and be fresh."""
    if run.asked.revocation is None:
        run.notes.append("N|REV")
        return
    state = run.asked.revocation.state(run.decoded, country=run.key.country, at=run.asked.at)
    if state != "clear":
        raise _Refused(_REVOCATION_CODES[state])


def check_trust_list(run: _Run) -> None:
    """Last, so that what is surely invalid is said to be: a list out of its time cannot make a certificate valid."""
    if run.asked.at > run.asked.trust.valid_until:
        raise _Refused("L|OLD", run.asked.trust.valid_until.isoformat())
    if run.asked.at < run.asked.trust.valid_from - run.asked.policy.leeway:
        raise _Refused("L|NYV", run.asked.trust.valid_from.isoformat())


_ALGORITHMS = tuple(map(int, Algorithm))
_REVOCATION_CODES: Mapping[str, str] = {"revoked": "R|REV", "stale": "R|OLD", "absent": "R|ABS"}
_CHECKS: tuple[Callable[[_Run], None], ...] = (
    check_algorithm,
    check_signature,
    check_curve,
    check_key,
    check_time,
    check_content,
    check_country,
    check_revocation,
    check_trust_list,
)
