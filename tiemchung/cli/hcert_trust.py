"""`tiemchung hcert trust`: make, read, import and hand over trust lists, and make keys for trials."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from tiemchung import hcert
from tiemchung.cli.hcert_options import FILE, Moment, as_json, signer, with_key
from tiemchung.hcert import authority, gateway, handover, trust_files, trust_format
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.certificates import read_bundle
from tiemchung.hcert.trust import TrustList

OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.group("trust")
def trust_group() -> None:
    """Trust lists: make, show, import, export, withdraw, demo-keys."""


@trust_group.command()
@with_key
@click.option("--valid-hours", default=48, show_default=True, help="How long the list may be used.")
@click.option("--valid-from", type=Moment(), help="Start of its validity; now if left out.")
@click.option("--output", required=True, type=OUTPUT, help="The list to write.")
@click.argument("sources", metavar="FILE…", nargs=-1, type=FILE, required=True)
def make(valid_hours: int, valid_from: datetime | None, output: Path, sources: tuple[Path, ...], **key: Any) -> None:
    """Sign a list of the keys in FILE…: certificates, PEM bundles, other lists, a gateway's JSON."""
    start = valid_from or datetime.now(UTC)
    keys = [key for path in sources for key in trust_files.load(path.read_bytes()).keys]
    trust = TrustList(tuple(keys), valid_from=start, valid_until=start + timedelta(hours=valid_hours))
    output.write_bytes(trust_format.write(trust, signer(**key)))
    click.echo(f"{output}: {len(keys)} keys, until {trust.valid_until.isoformat(timespec='seconds')}")


@trust_group.command()
@with_key
@click.option("--kid", required=True, help="Key id in hexadecimal.")
@click.option("--at", type=Moment(), help="Time of withdrawal; now if left out.")
@click.argument("path", metavar="LIST", type=FILE)
def withdraw(kid: str, at: datetime | None, path: Path, **key: Any) -> None:
    """Mark a key in a signed LIST as withdrawn, and sign the list again."""
    by = signer(**key)
    trust = trust_format.read(path.read_bytes(), [by.certificate])
    found = [each.kid for each in trust.keys if each.kid.hex() == kid.lower()]
    if not found:
        raise click.UsageError(f"The list has no key {kid}.")
    path.write_bytes(trust_format.write(trust.withdrawing(found[0], at or datetime.now(UTC)), by))
    click.echo(f"{path}: {kid} is withdrawn; everything that it signed is invalid from now on")


@trust_group.command()
@as_json
@click.option("--anchor", type=FILE, help="Certificate that must have signed the list.")
@click.option("--calendar", is_flag=True, help="Show when keys start to sign, hand over and expire.")
@click.argument("path", metavar="LIST", type=FILE)
def show(as_json: bool, anchor: Path | None, calendar: bool, path: Path) -> None:
    """Show the keys of a LIST with their fingerprints; exit code 1 if the list is out of date."""
    now = datetime.now(UTC)
    anchors = read_bundle(anchor.read_bytes()) if anchor else ()
    trust = trust_files.load(path.read_bytes(), anchors=anchors)
    rows = handover.calendar(trust) if calendar else handover.facts(trust)
    for row in rows:
        click.echo(json.dumps(row._asdict(), default=str) if as_json else "  ".join(map(str, row)))
    if not trust.valid_from <= now <= trust.valid_until:
        click.echo(f"{path}: not in force; valid {trust.valid_from} to {trust.valid_until}", err=True)
        raise SystemExit(1)


@trust_group.command("import")
@click.option("--roots-required", is_flag=True, help="Take no key whose country gives no root in the same answer.")
@click.option("--anchor", type=FILE, help="The gateway's trust anchors (PEM): every item's CMS signature must hold.")
@with_key
@click.option("--output", required=True, type=OUTPUT, help="The list to write.")
@click.argument("path", metavar="FILE", type=FILE)
def import_(roots_required: bool, anchor: Path | None, output: Path, path: Path, **key: Any) -> None:
    """Turn what a gateway's /trustList answered (FILE) into a signed list."""
    try:
        items = json.loads(path.read_bytes())
    except ValueError as broken:
        raise click.UsageError(f"{path} is not JSON: {broken}") from None
    anchors = read_bundle(anchor.read_bytes()) if anchor else None
    imported = gateway.import_items(items, fetched_at=datetime.now(UTC), roots_required=roots_required, anchors=anchors)
    for rejected in imported.rejected:
        click.echo(f"not taken: {rejected.kid} {rejected.country}: {rejected.reason}", err=True)
    output.write_bytes(trust_format.write(imported.trust, signer(**key)))
    click.echo(f"{output}: {len(imported.trust.keys)} keys, {len(imported.rejected)} not taken")


@trust_group.command()
@click.option("--country", help="Only this country's keys.")
@click.argument("path", metavar="LIST", type=FILE)
def export(country: str | None, path: Path) -> None:
    """Print a LIST as a gateway's /trustList/DSC answers it."""
    now = datetime.now(UTC)
    trust = trust_files.load(path.read_bytes())
    click.echo(json.dumps(gateway.items(trust, kind="DSC", country=country, at=now), indent=1))


@trust_group.command("demo-keys")
@click.option("--country", default="VN", show_default=True, help="Two letters, as in the certificates.")
@click.option(
    "--algorithm",
    type=click.Choice(list(Algorithm.__members__)),
    default="ES256",
    show_default=True,
    help="Of the signer's key.",
)
@click.option("--valid-from", type=Moment(), help="Start of validity; now if left out.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def demo_keys(country: str, algorithm: str, valid_from: datetime | None, folder: Path) -> None:
    """Make a root and a signer below it for trials: csca.pem, dsc.pem, dsc-key.pem in FOLDER."""
    start = (valid_from or datetime.now(UTC)).replace(microsecond=0)
    root = hcert.demo_authority(country, valid_from=start)
    key = authority.new_key(Algorithm[algorithm])
    certificate = root.certify(key.public_key(), name="Demo DSC, not for real use", valid_from=start)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "csca.pem").write_bytes(root.signer_certificate.pem())
    (folder / "dsc.pem").write_bytes(certificate.pem())
    secret = folder / "dsc-key.pem"
    secret.touch(mode=0o600)
    secret.write_bytes(authority.private_pem(key))
    click.echo(f"{folder}: {algorithm} key {certificate.kid.hex()}, until {certificate.not_after.date()}")
