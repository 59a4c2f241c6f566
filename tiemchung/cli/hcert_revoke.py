"""`tiemchung hcert revoke`: add certificates to a country's revocation list."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from tiemchung import hcert
from tiemchung.cli.hcert_options import candidates, given
from tiemchung.hcert import inputs
from tiemchung.hcert.revocation import Entry, HashType, make_batches, read_snapshot, signature_hash


@click.command()
@click.option("--list", "path", required=True, type=click.Path(dir_okay=False, path_type=Path), help="List, in JSON.")
@click.option("--country", default="VN", show_default=True, help="Country whose list it is.")
@click.option("--valid-hours", default=48, show_default=True, help="How long the list may be used.")
@click.option("--compact", type=click.Path(dir_okay=False, path_type=Path), help="Also write the compact form here.")
@given
def revoke(path: Path, country: str, valid_hours: int, compact: Path | None, given: tuple[str, ...]) -> None:
    """Add certificates (text, pictures, files) to a revocation list, which is made if it does not exist."""
    now = datetime.now(UTC)
    document: dict[str, Any] = {"version": 0, "batches": []}
    if path.exists():
        read_snapshot(path.read_bytes())
        document = json.loads(path.read_bytes())
        country = document["country"]
    entries = [_entry(decoded) for decoded in map(_decoded, candidates(given))]
    batches = [batch.as_json() for batch in make_batches(country, HashType.SIGNATURE, entries)]
    document = {
        "country": country,
        "version": document["version"] + 1,
        "created": now.isoformat(timespec="seconds"),
        "validUntil": (now + timedelta(hours=valid_hours)).isoformat(timespec="seconds"),
        "batches": document["batches"] + batches,
    }
    data = json.dumps(document, indent=1).encode()
    path.write_bytes(data)
    if compact:
        read_snapshot(data).write(compact)
    click.echo(f"{path}: version {document['version']}, {len(entries)} added, {len(document['batches'])} batches")


def _decoded(candidate: inputs.Candidate) -> hcert.Decoded:
    data = candidate.data
    return hcert.decode(data if isinstance(data, str) else inputs.certificate_text(data))


def _entry(decoded: hcert.Decoded) -> Entry:
    """A revocation is kept until its certificate expires; one without expiry as long as a list can say."""
    message, expires = decoded.message, decoded.claims.expires or datetime(9999, 1, 1, tzinfo=UTC)
    return Entry(message.kid, signature_hash(message.signature, message.algorithm), expires)
