"""`tiemchung hcert`: read, judge, issue and draw certificates, keep trust lists, on text, pictures, files and pipes.

Exit codes: 0 done (for `verify`: all valid), 1 refused with a reason, 2 wrong use.
"""

import base64
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tiemchung import hcert
from tiemchung.cli.hcert_options import FILE, Moment, as_json, candidates, given, signer, with_key
from tiemchung.cli.hcert_revoke import revoke
from tiemchung.cli.hcert_trust import trust_group
from tiemchung.hcert import inputs, qr, trust_files
from tiemchung.hcert.algorithms import Algorithm
from tiemchung.hcert.certificates import read_bundle
from tiemchung.hcert.chain import Decoded
from tiemchung.hcert.codes import CODES, Status
from tiemchung.hcert.inputs import Candidate
from tiemchung.hcert.problems import HcertProblem
from tiemchung.hcert.revocation import Revocations
from tiemchung.hcert.trust import TrustList
from tiemchung.hcert.verdict import RevocationCheck, Verdict

VERDICTS = {Status.VALID: "valid", Status.INVALID: "invalid", Status.UNKNOWN: "could_not_tell"}


class Refusing(click.Group):
    """Says what the library refuses in both languages, and ends with exit code 1."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except HcertProblem as problem:
            click.echo(f"{problem.vi}\n{problem.field}: {problem.en}", err=True)
            context.exit(1)


@click.group(cls=Refusing)
def group() -> None:
    """Health certificates: decode, verify, issue, qr, trust, revoke."""


@group.command()
@as_json
@given
def decode(as_json: bool, given: tuple[str, ...]) -> None:
    """Take certificates apart without judging them."""
    failed = False
    for candidate in candidates(given):
        try:
            text = candidate.data if isinstance(candidate.data, str) else inputs.certificate_text(candidate.data)
            decoded = hcert.decode(text)
        except hcert.DecodeError as broken:
            failed = True
            _print({"input": candidate.name, "ok": False, "stage": broken.code, "notes": [broken.en]}, as_json)
            continue
        _print({"input": candidate.name, "ok": True, **_described(decoded), "notes": _notes(decoded.notes)}, as_json)
    sys.exit(1 if failed else 0)


@group.command()
@as_json
@click.option("--signer", "signers", multiple=True, type=FILE, help="Signer certificate to trust; may be repeated.")
@click.option("--trust-list", type=FILE, help="Trust list: signed, a gateway's JSON, a DID document, or PEM.")
@click.option("--anchor", type=FILE, help="Certificate that must have signed the trust list.")
@click.option("--at", type=Moment(), help="Time to judge at; now if left out.")
@click.option("--revocations", multiple=True, type=FILE, help="Revocation list of a country; may be repeated.")
@given
def verify(
    as_json: bool,
    signers: tuple[Path, ...],
    trust_list: Path | None,
    anchor: Path | None,
    at: datetime | None,
    revocations: tuple[Path, ...],
    given: tuple[str, ...],
) -> None:
    """Judge certificates: valid, invalid, or could not tell.

    INPUT is HC1: text, a picture, a text file with one certificate a line, or a JSON file of dgc-testdata, whose
    own certificate and clock count unless told otherwise; "-" or nothing is standard input.
    """
    now = datetime.now(UTC)
    trust = _trust(signers, trust_list, anchor)
    revocation = Revocations.open(revocations) if revocations else None
    sure = True
    for candidate in candidates(given):
        verdict = _judge(candidate, trust, at, now, revocation)
        sure &= verdict.status == Status.VALID
        _print(_line(candidate.name, verdict), as_json)
    sys.exit(0 if sure else 1)


@group.command()
@as_json
@with_key
@click.option("--issuer", default="VN", show_default=True, help="Issuing country, two letters.")
@click.option("--issued-at", type=Moment(), help="Time of issue; now if left out.")
@click.option("--expires-at", type=Moment(), help="End of validity; what form and key allow if left out.")
@given
def issue(
    as_json: bool,
    issuer: str,
    issued_at: datetime | None,
    expires_at: datetime | None,
    given: tuple[str, ...],
    **key: Any,
) -> None:
    """Check and sign contents (JSON, one object or one a line) and print their HC1: text."""
    by = signer(**key)
    refused = False
    for name, content in _contents(given):
        try:
            encoded = hcert.issue(
                content, by, issuer=issuer, issued_at=issued_at or datetime.now(UTC), expires_at=expires_at
            )
        except hcert.IssueRefused as problem:
            refused = True
            _print_refusal(name, problem, as_json)
            continue
        click.echo(json.dumps({"input": name, "ok": True, "text": encoded.text}) if as_json else encoded.text)
    sys.exit(1 if refused else 0)


@group.command("qr")
@click.option(
    "--level",
    type=click.Choice(["L", "M", "Q", "H"]),
    default="Q",
    show_default=True,
    help="Error correction: L finest, H coarsest.",
)
@click.option("--format", "kind", type=click.Choice(["svg", "png"]), help="By default what --output ends with, or svg.")
@click.option("--size", type=float, help="Width of the SVG in millimetres.")
@click.option("--scale", type=click.IntRange(1, 40), default=6, show_default=True, help="PNG pixels to a module.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; standard output if none."
)
@click.argument("given", metavar="INPUT", nargs=1, default="-")
def draw(level: str, kind: str | None, size: float | None, scale: int, output: Path | None, given: str) -> None:
    """Draw the QR symbol of one certificate."""
    candidate = next(iter(candidates((given,))))
    text = candidate.data if isinstance(candidate.data, str) else inputs.certificate_text(candidate.data)
    kind = kind or ("png" if output and output.suffix == ".png" else "svg")
    drawn = qr.png(text, level, scale=scale) if kind == "png" else qr.svg(text, level, size_mm=size).encode()
    if output:
        output.write_bytes(drawn)
    else:
        sys.stdout.buffer.write(drawn)


# -- inputs ------------------------------------------------------------------------------------------------


def _contents(given: tuple[str, ...]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for each in given or ("-",):
        text = sys.stdin.read() if each == "-" else Path(each).read_text("utf-8")
        for number, content in enumerate(_json_objects(each, text), 1):
            yield f"{each}:{number}", content


def _json_objects(name: str, text: str) -> Iterable[Mapping[str, Any]]:
    try:
        try:
            read = json.loads(text)
        except ValueError:
            read = [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError as broken:
        raise click.UsageError(f"{name} is not JSON: {broken}") from None
    return read if isinstance(read, list) else [read]


def _trust(signers: tuple[Path, ...], trust_list: Path | None, anchor: Path | None) -> TrustList | None:
    """The trust that was asked for, or None if nothing was: then a test file's own certificate counts."""
    if not signers and trust_list is None:
        return None
    anchors = read_bundle(anchor.read_bytes()) if anchor else ()
    trust = trust_files.load(trust_list.read_bytes(), anchors=anchors) if trust_list else TrustList(())
    given = TrustList.of_certificates(each for path in signers for each in read_bundle(path.read_bytes()))
    return TrustList(trust.keys + given.keys, valid_from=trust.valid_from, valid_until=trust.valid_until)


# -- judging and printing ----------------------------------------------------------------------------------


def _judge(
    candidate: Candidate,
    trust: TrustList | None,
    at: datetime | None,
    now: datetime,
    revocation: RevocationCheck | None,
) -> Verdict:
    if trust is None:
        trust = TrustList.of_certificates([candidate.signer] if candidate.signer else [])
    return hcert.verify(candidate.data, trust, at=at or candidate.clock or now, revocation=revocation)


def _line(name: str, verdict: Verdict) -> dict[str, Any]:
    decoded = verdict.decoded
    described = _described(decoded) if decoded else {"alg": None, "kid": None, "issuer": None, "claims": None}
    valid = verdict.status == Status.VALID
    reason = [] if valid else [" ".join(filter(None, (verdict.words["en"], verdict.detail)))]
    return {
        "input": name,
        "ok": valid,
        "verdict": VERDICTS[verdict.status],
        "stage": None if valid else verdict.code,
        **described,
        "notes": [*reason, *_notes(verdict.notes), *_times(decoded)],
    }


def _described(decoded: Decoded) -> dict[str, Any]:
    message, claims = decoded.message, decoded.claims
    algorithm = message.algorithm
    known = isinstance(algorithm, int) and algorithm in list(Algorithm)
    return {
        "alg": Algorithm(algorithm).name if known else str(algorithm),
        "kid": base64.b64encode(message.kid).decode() if message.kid is not None else None,
        "issuer": claims.issuer,
        "claims": decoded.dcc if decoded.dcc is not None else claims.contents,
    }


def _notes(codes: Iterable[str]) -> list[str]:
    return [f"{code} {CODES[code].en}" for code in codes]


def _times(decoded: Decoded | None) -> list[str]:
    times = (("issued", decoded.claims.issued), ("expires", decoded.claims.expires)) if decoded else ()
    return [f"{word} {moment.isoformat()}" for word, moment in times if moment]


def _print(line: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(line, ensure_ascii=False, default=_plain))
        return
    head = line.get("verdict", "decoded" if line["ok"] else "not decoded")
    click.echo(f"{line['input'][:60]}: {head}" + (f" {line['stage']}" if line.get("stage") else ""))
    for note in line["notes"]:
        click.echo(f"  {note}")
    if line.get("claims") is not None:
        click.echo("  " + json.dumps(line["claims"], ensure_ascii=False, default=_plain))


def _plain(value: Any) -> Any:
    """What JSON has no word for: bytes as Base64, other maps and tags as text."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return dict(value) if isinstance(value, Mapping) else str(value)


def _print_refusal(name: str, refused: hcert.IssueRefused, as_json: bool) -> None:
    problems = [{"field": each.field, "vi": each.vi, "en": each.en} for each in refused.problems]
    if as_json:
        click.echo(json.dumps({"input": name, "ok": False, "problems": problems}, ensure_ascii=False))
        return
    for problem in problems:
        click.echo(f"{name}: {problem['field']}: {problem['vi']} / {problem['en']}", err=True)


group.add_command(revoke)
group.add_command(trust_group)
