"""How is a postgresql:// address written as Django's database settings?"""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tiemchung.ground.environment import UnreadableSettingError

PREPARED_AFTER = 5  # runs, of what is run in numbers; named SQL says itself whether it is prepared (`sql`)
SCHEMES = ("postgresql", "postgres")


def django_database(url: str) -> dict[str, Any]:
    """Turn `postgresql://user:password@host:port/name?host=socket-folder` into one entry of DATABASES.

    Raises UnreadableSettingError for any other kind of database.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise UnreadableSettingError("DATABASE_URL", "Give a postgresql:// address: no other database will do.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "tiemchung.ground.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or query.pop("user", "") or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "") or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query | {"prepare_threshold": PREPARED_AFTER},
    }
