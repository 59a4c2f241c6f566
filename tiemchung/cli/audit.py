"""`tiemchung audit`: seal what was done, verify that nothing was changed since, prove a single row."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiemchung.cli.processes import embedded, prepare

if TYPE_CHECKING:
    from tiemchung.hcert import SignerCertificate
    from tiemchung.oversight.verifying import Report

FILE = click.Path(exists=True, path_type=Path, dir_okay=False)
FOLDER = click.Path(exists=True, path_type=Path, file_okay=False)
A_LOT = 50_000  # rows
SHOWN = 20  # problems in words; --json has all
certificates = click.option(
    "--certificate", "files", type=FILE, multiple=True, help="Certificate of a seal key, PEM or DER; may be repeated."
)


@click.group()
def group() -> None:
    """Seals over logs and ledgers."""


@group.command()
@embedded
def seal(embedded: Path | None) -> None:
    """Seal all that finished transactions wrote, and publish the seals; what the worker does every minute."""
    server = prepare(embedded)
    from tiemchung.oversight import actions_seal, publishing

    made = actions_seal.seal_finished()
    click.echo(f"{made} seals made, {publishing.publish()} published")
    del server


@group.command()
@embedded
@click.option("--published", type=FOLDER, help="A copy of the folder of published seals, in place of TIEMCHUNG_SEALS.")
@click.option("--database-alone", is_flag=True, help="Hold the database against no published seals at all.")
@certificates
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def verify(
    embedded: Path | None, published: Path | None, database_alone: bool, files: tuple[Path, ...], as_json: bool
) -> None:
    """Find the first row that was altered, deleted or inserted since it was sealed.

    Held against the seals in --published, or else in the folder of TIEMCHUNG_SEALS, seals that were taken away or made
    anew are found too. Exit code 0: all is as it was sealed; 1: it is not, or rows have waited too long for a seal.
    """
    if published and database_alone:
        raise click.UsageError("--published and --database-alone exclude each other.")
    server = prepare(embedded)
    trusted = [_certificate(path) for path in files]
    from django.conf import settings

    from tiemchung.oversight import verifying

    folder = None if database_alone else published or settings.SEALS_FOLDER
    with _counting() as advance:
        report = verifying.verify(folder=folder, certificates=trusted, progress=advance, live=published is None)
    click.echo(report.as_json() if as_json else _in_words(report))
    del server
    sys.exit(1 if report.problems else 0)


@group.command()
@embedded
@click.argument("table")
@click.argument("key")
def prove(embedded: Path | None, table: str, key: str) -> None:
    """Write the proof, as JSON, that the row KEY of TABLE stood as it is when it was sealed."""
    server = prepare(embedded)
    from django.db import transaction

    from tiemchung.oversight import proving

    with transaction.atomic():
        click.echo(proving.of_row(table, key).as_json())
    del server


@group.command("check-proof")
@click.argument("proof", type=FILE)
@click.option("--certificate", type=FILE, required=True, help="Certificate of the seal key, PEM or DER.")
def check_proof(proof: Path, certificate: Path) -> None:
    """Check a proof with nothing but its file and the seal's certificate, and write what the row says.

    Exit code 0: it holds; 1: it does not.
    """
    from tiemchung.ground.errors import InvalidInputError
    from tiemchung.oversight.proof import Proof

    try:
        read = Proof.read(proof.read_text(encoding="utf-8"))
    except ValueError:
        raise InvalidInputError(
            "proof_unreadable",
            field="proof",
            vi="Tệp này không phải một bằng chứng. Lấy lại bằng: tiemchung audit prove.",
            en="This file is not a proof. Make it again with: tiemchung audit prove.",
        ) from None
    if not read.holds_for(_certificate(certificate)):
        click.echo("THE PROOF DOES NOT HOLD")
        sys.exit(1)
    click.echo("the proof holds")
    for column, value in read.values.items():
        click.echo(f"{column}: {'(nothing)' if value is None else value}")


def _certificate(path: Path) -> "SignerCertificate":
    from tiemchung.ground.errors import InvalidInputError
    from tiemchung.hcert import SignerCertificate

    try:
        return SignerCertificate.read(path.read_bytes())
    except ValueError:
        raise InvalidInputError(
            "certificate_unreadable",
            field="certificate",
            vi=f"Không đọc được chứng thư {path}. Cần tệp PEM hoặc DER.",
            en=f"The certificate {path} cannot be read. Give a PEM or DER file.",
        ) from None


@contextmanager
def _counting() -> Iterator[Callable[[int], None]]:
    """Counts rows on the error stream, where somebody sees it."""
    rows = shown = 0

    def advance(more: int) -> None:
        nonlocal rows, shown
        rows += more
        if sys.stderr.isatty() and rows - shown > A_LOT:
            shown = rows
            click.echo(f"\r{rows:,} rows", err=True, nl=False)

    yield advance
    if shown:
        click.echo(err=True)


def _in_words(report: "Report") -> str:
    copy = ", no published copy" if report.published is None else f", {report.published} in the published copy"
    lines = [f"{report.seals} seals{copy}, {report.rows} rows under them, {report.unsealed} rows not sealed yet"]
    lines += [problem.text for problem in report.problems[:SHOWN]]
    if len(report.problems) > SHOWN:
        lines.append(f"… and {len(report.problems) - SHOWN} more: --json names them")
    lines.append(_conclusion(report))
    return "\n".join(lines)


def _conclusion(report: "Report") -> str:
    if report.changed:
        return "NOT AS IT WAS SEALED"
    return "what is sealed is as it was; NOT ALL IS SEALED" if report.problems else "all is as it was sealed"
