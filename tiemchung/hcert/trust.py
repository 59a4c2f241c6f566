"""The trust list: which keys may sign for which country and what, until when the list itself may be used.

Pure data. `trust_format` reads and writes the signed file, `gateway` the formats of the EU's and the WHO's gateway.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from tiemchung.hcert import algorithms
from tiemchung.hcert.algorithms import Algorithm, PublicKey, algorithm_of
from tiemchung.hcert.certificates import ALL_USES, SignerCertificate

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)


def _holds_never(_signature: bytes, _message: bytes) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key with the bounds of the trust in it; `key` is None where it cannot be read or used here."""

    kid: bytes
    country: str | None
    key: PublicKey | None
    algorithm: Algorithm | None
    uses: frozenset[str]
    not_before: datetime
    not_after: datetime
    withdrawn_at: datetime | None = None
    certificate: SignerCertificate | None = field(default=None, compare=False)
    holds: Callable[[bytes, bytes], bool] = field(init=False, repr=False, compare=False)
    """Says whether a signature is the key's over a message; no signature is the key's where there is none."""

    validity: tuple[float, float] = field(init=False, repr=False, compare=False)
    """`not_before` and `not_after` in Unix time."""

    def __post_init__(self) -> None:
        """Work out once what every verdict asks."""
        object.__setattr__(self, "validity", (self.not_before.timestamp(), self.not_after.timestamp()))
        object.__setattr__(self, "holds", algorithms.verifying(self.key) if self.key is not None else _holds_never)

    @classmethod
    def of_certificate(
        cls, certificate: SignerCertificate, country: str | None = None, withdrawn_at: datetime | None = None
    ) -> "TrustedKey":
        """Trust a signer certificate for its validity and uses; `country` defaults to the one it names."""
        key = certificate.public_key
        return cls(
            kid=certificate.kid,
            country=country or certificate.country,
            key=key,
            algorithm=algorithm_of(key) if key is not None else None,
            uses=certificate.uses,
            not_before=certificate.not_before,
            not_after=certificate.not_after,
            withdrawn_at=withdrawn_at,
            certificate=certificate,
        )

    @classmethod
    def of_public_key(
        cls, kid: bytes, key: PublicKey | None, country: str | None, uses: frozenset[str] = ALL_USES
    ) -> "TrustedKey":
        """Trust a bare key, as lists without certificates give it: its validity is then the list's."""
        algorithm = algorithm_of(key) if key is not None else None
        return cls(kid, country, key, algorithm, uses, EARLIEST, LATEST)

    def bounded(self, **changes: Any) -> "TrustedKey":
        """The key with some of its bounds replaced."""
        return replace(self, **changes)


@dataclass(frozen=True)
class TrustList:
    """Keys by key id, and the time within which the list may be used."""

    keys: tuple[TrustedKey, ...]
    valid_from: datetime = EARLIEST
    valid_until: datetime = LATEST
    by_kid: Mapping[bytes, tuple[TrustedKey, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index by key id; several keys may share one."""
        index: dict[bytes, tuple[TrustedKey, ...]] = {}
        for key in self.keys:
            index[key.kid] = (*index.get(key.kid, ()), key)
        object.__setattr__(self, "by_kid", index)

    @classmethod
    def of_certificates(cls, certificates: Iterable[SignerCertificate], **bounds: Any) -> "TrustList":
        """Trust the given signer certificates; `bounds` are valid_from and valid_until."""
        return cls(tuple(TrustedKey.of_certificate(each) for each in certificates), **bounds)

    def find(self, kid: bytes) -> tuple[TrustedKey, ...]:
        """All keys with this id: 8 bytes can collide, and every one must be tried."""
        return self.by_kid.get(kid, ())

    def of_country(self, country: str) -> tuple[TrustedKey, ...]:
        """The keys of one country (ISO 3166 alpha-2)."""
        return tuple(key for key in self.keys if key.country == country)

    def with_key(self, key: TrustedKey) -> "TrustList":
        """The list with a key added: the first half of a roll-over, before the new key signs."""
        return replace(self, keys=(*self.keys, key))

    def withdrawing(self, kid: bytes, at: datetime) -> "TrustList":
        """The list with a key marked as withdrawn: all that it signed becomes invalid, at once."""
        changed = tuple(replace(key, withdrawn_at=at) if key.kid == kid else key for key in self.keys)
        return replace(self, keys=changed)

    def without_expired(self, at: datetime) -> "TrustList":
        """The list without keys whose validity is over: the second half of a roll-over."""
        return replace(self, keys=tuple(key for key in self.keys if key.not_after >= at))
