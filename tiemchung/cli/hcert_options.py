"""What the commands of `tiemchung hcert` share: their options, their inputs, the key that signs."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tiemchung import hcert
from tiemchung.hcert import inputs
from tiemchung.hcert.inputs import Candidate
from tiemchung.hcert.limits import MAX_INPUT_BYTES

_ONE_MORE = MAX_INPUT_BYTES + 1
_SUFFIXES = {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".json", ".txt"}


class Moment(click.ParamType[datetime]):
    """A time in ISO 8601; without a zone it is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the time, or end with wrong use."""
        if isinstance(value, datetime):
            return value
        try:
            return inputs.parse_time(value)
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2022-05-01T12:00:00Z", param, ctx)


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, an object a line.")
given = click.argument("given", metavar="INPUT…", nargs=-1)
key_options = (
    click.option("--key", type=FILE, help="Private key in PEM."),
    click.option("--certificate", type=FILE, required=True, help="Certificate of the key, PEM or DER."),
    click.option("--hsm-module", type=FILE, help="PKCS#11 library, instead of --key."),
    click.option("--hsm-token", help="Label of the token."),
    click.option("--hsm-key", help="Label of the key in the token."),
    click.option("--pin", envvar="TIEMCHUNG_HSM_PIN", help="PIN of the token; better in TIEMCHUNG_HSM_PIN."),
)


def with_key(command: Any) -> Any:
    """Add the options that name a signing key."""
    for option in reversed(key_options):
        command = option(command)
    return command


def candidates(given: tuple[str, ...]) -> Iterator[Candidate]:
    """What the arguments name: text, files, or standard input for "-" and for nothing at all."""
    for each in given or ("-",):
        if each == "-":
            yield from inputs.candidates("-", sys.stdin.buffer.read(_ONE_MORE))
        elif each.startswith("HC1:") or not _is_file(each):
            yield Candidate(each, each)
        else:
            with Path(each).open("rb") as file:
                yield from inputs.candidates(each, file.read(_ONE_MORE))


def _is_file(text: str) -> bool:
    """Whether the argument is a file; a name that looks like a file's and is none is wrong use."""
    if len(text) > 1024 or "\0" in text:
        return False
    path = Path(text)
    try:
        if path.is_file():
            return True
    except OSError:
        return False
    if path.suffix.lower() in _SUFFIXES or path.is_dir():
        raise click.UsageError(f"There is no file {text}.")
    return False


def signer(
    *,
    key: Path | None,
    certificate: Path,
    hsm_module: Path | None,
    hsm_token: str | None,
    hsm_key: str | None,
    pin: str | None,
) -> hcert.Signer:
    """The key that the options of `with_key` name; wrong use if they name none."""
    if key is not None:
        return hcert.PemSigner.from_pem(key.read_bytes(), certificate.read_bytes())
    if not (hsm_module and hsm_token and hsm_key and pin):
        raise click.UsageError("Give --key, or --hsm-module with --hsm-token, --hsm-key and TIEMCHUNG_HSM_PIN.")
    from tiemchung.hcert.hsm import HsmSigner, HsmToken

    token = HsmToken(str(hsm_module), hsm_token, pin, hsm_key)
    return HsmSigner(token, hcert.SignerCertificate.read(certificate.read_bytes()))
