"""How does a process answer requests? By Granian, whose every bound is set here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HEADERS_WITHIN = 30_000  # milliseconds for the headers of a request; a slower one is cut off
ENDS_WITHIN = 10  # seconds that a process has for what it is answering, once it is told to end


@dataclass(frozen=True)
class Certificates:
    """What the server shows. `authority` is there when it is one's own, for phones to trust."""

    certificate: Path
    key: Path
    authority: Path | None = None


def run_granian(target: str, host: str, port: int, workers: int, certificates: Certificates | None = None) -> None:
    """Answer until the process is told to end. Django must be ready: the number of threads is one of its settings."""
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces, SSLProtocols
    from granian.http import HTTP1Settings

    serve_forever: Callable[[], None] = Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=getattr(settings, "THREADS", 4),
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN),
        ssl_cert=certificates.certificate if certificates else None,
        ssl_key=certificates.key if certificates else None,
        ssl_protocol_min=SSLProtocols.tls12,  # telephones of before 2019 know no newer one
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=ENDS_WITHIN,  # a connection that a caller keeps open would hold it up for ever
    ).serve
    serve_forever()
