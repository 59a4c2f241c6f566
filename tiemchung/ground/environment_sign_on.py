"""What the environment says of a ministry's own sign-on (OpenID Connect); nothing, where there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from tiemchung.ground.environment import MissingSettingError, UnreadableSettingError

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class SignOn:
    """The provider, and what of its word is taken: which claim is the username, which ones mean two factors."""

    issuer: str
    client_id: str
    client_secret: str
    name: str  # on the button
    claim: str
    two_factors: frozenset[str]  # values of amr or acr

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "SignOn | None":
        """Read the settings. Raises MissingSettingError, UnreadableSettingError."""
        issuer = environ.get("TIEMCHUNG_SIGN_ON_ISSUER", "").rstrip("/")
        if not issuer:
            return None
        return cls(
            issuer=_safe(issuer),
            client_id=_required(environ, "TIEMCHUNG_SIGN_ON_CLIENT_ID"),
            client_secret=_required(environ, "TIEMCHUNG_SIGN_ON_CLIENT_SECRET"),
            name=environ.get("TIEMCHUNG_SIGN_ON_NAME") or urlsplit(issuer).hostname or issuer,
            claim=environ.get("TIEMCHUNG_SIGN_ON_CLAIM") or "preferred_username",
            two_factors=frozenset((environ.get("TIEMCHUNG_SIGN_ON_TWO_FACTORS") or "mfa").replace(",", " ").split()),
        )


def _safe(issuer: str) -> str:
    parts = urlsplit(issuer)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return issuer
    raise UnreadableSettingError("TIEMCHUNG_SIGN_ON_ISSUER", "Give an https:// address, as the provider names itself.")


def _required(environ: Mapping[str, str], name: str) -> str:
    if not environ.get(name):
        raise MissingSettingError(name, "The provider gives it to its clients.")
    return environ[name]
