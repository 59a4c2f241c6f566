"""`tiemchung serve`: the pages and the API of the health side, over TLS when asked to, and the certificates for it."""

import os
import ssl
from pathlib import Path

import click

from tiemchung.cli import plain_door, tls_authority
from tiemchung.cli.answering import Certificates, run_granian
from tiemchung.cli.processes import check_role, embedded, prepare
from tiemchung.ground.errors import ConflictError

HSTS_OF_OWN = "3600"  # one's own certificates may go again; browsers are to forget it soon

tls_names = click.option(
    "--tls-name", "names", multiple=True, help="One more name or address that the machine is reached by."
)


@click.command()
@embedded
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0: all of the machine's."
)
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes that answer.")
@click.option("--tls", is_flag=True, help="Serve by TLS, with certificates that are made here if none are given.")
@click.option(
    "--tls-certificate", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM, with chain."
)
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="PEM, without password.")
@tls_names
@click.option("--http-port", default=8080, show_default=True, help="Where http:// leads to https://; 0: nowhere.")
def serve(
    embedded: Path | None,
    host: str,
    port: int,
    workers: int,
    tls: bool,
    tls_certificate: Path | None,
    tls_key: Path | None,
    names: tuple[str, ...],
    http_port: int,
) -> None:
    """Serve the pages and the API of the health side."""
    found = _certificates(embedded, tls, tls_certificate, tls_key, names)
    if found:
        _set_for_tls(found, names)
    server = prepare(embedded)
    check_role()
    if found:
        _say(found, host, port, http_port)
    run_granian("tiemchung.ground.wsgi:application", host, port, workers, found)
    del server


@click.group("tls")
def group() -> None:
    """The certificates that `serve --tls` makes for itself."""


@group.command("show")
@embedded
def show(embedded: Path | None) -> None:
    """Print names, end and fingerprints; make them first if there are none."""
    _print(tls_authority.ensure(_folder(embedded), _names(embedded, ())))


@group.command("renew")
@embedded
@tls_names
def renew(embedded: Path | None, names: tuple[str, ...]) -> None:
    """Make the server's certificate anew; phones that trust the authority need not be told. Then start `serve`."""
    _print(tls_authority.ensure(_folder(embedded), _names(embedded, names), anew=True))


def _certificates(
    embedded: Path | None, tls: bool, certificate: Path | None, key: Path | None, names: tuple[str, ...]
) -> Certificates | None:
    if (certificate is None) != (key is None):
        raise click.UsageError("--tls-certificate and --tls-key go together: give both.")
    if certificate and key:
        _check_pair(certificate, key)
        return Certificates(certificate, key)
    if not tls:
        return None
    own = tls_authority.ensure(_folder(embedded), _names(embedded, names))
    return Certificates(own.certificate, own.key, own.authority)


def _check_pair(certificate: Path, key: Path) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, OSError) as error:
        raise click.UsageError(
            f"{certificate} and {key} cannot be used together ({error}). Give PEM files, the key without a password."
        ) from error


def _folder(embedded: Path | None) -> Path:
    return (embedded or Path(".run")) / "tls"


def _names(embedded: Path | None, more: tuple[str, ...]) -> list[str]:
    """The machine's names and addresses, those asked for now, and those that were asked for before."""
    before = tls_authority.Own(_folder(embedded)).certificate
    asked = [name for name in tls_authority.names_of(before) if "." in name] if before.exists() else []
    kept = [name for name in asked if not tls_authority.is_address(name)]
    return list(dict.fromkeys([*tls_authority.machine_names(), *(name.lower() for name in more), *kept]))


def _set_for_tls(found: Certificates, names: tuple[str, ...]) -> None:
    """Cookies for TLS alone; and where the certificates are ours, their names are the hosts that we answer to."""
    os.environ["TIEMCHUNG_SECURE"] = "1"
    if found.authority:
        hosts = [f"[{name}]" if ":" in name else name for name in tls_authority.names_of(found.certificate)]
        os.environ.setdefault("TIEMCHUNG_HOSTS", ",".join([*hosts, *names]))
        os.environ.setdefault("TIEMCHUNG_HSTS_SECONDS", HSTS_OF_OWN)


def _say(found: Certificates, host: str, port: int, http_port: int) -> None:
    if found.authority:
        _print(tls_authority.Own(found.authority.parent))
    if not http_port:
        return
    try:
        plain_door.open_beside(host, http_port, port, found.authority)
    except OSError as error:
        raise ConflictError(
            "port_taken",
            field="http-port",
            vi=f"Cổng {http_port} đang có chương trình khác dùng. Chọn cổng khác bằng --http-port, hoặc 0 để tắt.",
            en=f"Port {http_port} is in use by another program. Choose another by --http-port, or 0 for none.",
        ) from error
    click.echo(
        f"http://<this machine>:{http_port}/ leads to https://, and lets a phone take the authority's certificate"
    )


def _print(own: tls_authority.Own) -> None:
    click.echo(f"certificate for {', '.join(tls_authority.names_of(own.certificate))}")
    click.echo(f"holds until {tls_authority.ends_on(own.certificate):%Y-%m-%d}; the authority's until "
               f"{tls_authority.ends_on(own.authority):%Y-%m-%d}: {own.authority}")  # fmt: skip
    click.echo(f"fingerprint of the authority (SHA-256): {tls_authority.fingerprint(own.authority)}")
