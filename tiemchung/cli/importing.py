"""`tiemchung import`: bring in what was written elsewhere."""

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiemchung.cli.found import facility as facility_of
from tiemchung.cli.processes import embedded, prepare
from tiemchung.ground.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from tiemchung.doses.actions_import import Recorded
    from tiemchung.ground.line_faults import Fault


@click.group("import")
def group() -> None:
    """Bring in what was written elsewhere."""


@group.command("doses")
@embedded
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
@click.option("--facility", "code", required=True, help="Code of the facility that gave the doses.")
@click.option("--by", "username", required=True, help="Username of who enters them; the facility is in his reach.")
@click.option("--faults", "target", type=click.Path(path_type=Path), help="Write the lines with faults to this file.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def doses(embedded: Path | None, file: Path, code: str, username: str, target: Path | None, as_json: bool) -> None:
    """Record the doses of a CSV FILE that were given and not recorded.

    Columns: number, name, birth_date, product, lot, injected_on; injected_time and dose_number where known. Every line
    that can be read is recorded, what speaks against it becomes a finding; the others are named with their cure. Killed
    or sent again, nothing is recorded twice. Ends with 1 when a line has a fault.
    """
    server = prepare(embedded)
    from tiemchung.accounts.models import Account
    from tiemchung.doses import actions_import, late_list

    account = Account.objects.filter(username=username).first()
    if account is None:
        raise _nobody(username)
    if target:
        _check_writable(target)
    done = actions_import.Recorded()
    with late_list.opened(file) as text:
        for batch in actions_import.record_list(late_list.read(text), facility_id=facility_of(code).id, by=account.id):
            done.add(batch)
            click.echo(f"\r{done.recorded + done.known + len(done.faults):>12,} lines", err=True, nl=False)
    click.echo(err=True)
    done.faults.sort(key=lambda fault: fault.line)
    if target:
        with target.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([("line", "column", "vi", "en"), *map(_row, done.faults)])
    _say(done, as_json=as_json, named=target is None)
    del server
    if done.faults:
        sys.exit(1)


def _say(done: "Recorded", *, as_json: bool, named: bool) -> None:
    counts = {
        "recorded": done.recorded,
        "with_findings": done.with_findings,
        "known": done.known,
        "faults": len(done.faults),
    }
    if as_json:
        faults = [dict(zip(("line", "column", "vi", "en"), _row(one), strict=True)) for one in done.faults]
        click.echo(json.dumps(counts | {"lines": faults if named else []}, ensure_ascii=False))
        return
    if named:
        for one in done.faults:
            click.echo(f"{one.line}, {one.column}: {one.vi}\n    {one.en}")
    click.echo("\n".join(f"{name:<16}{count:,}" for name, count in counts.items()))


def _row(one: "Fault") -> tuple[int, str, str, str]:
    return one.line, one.column, one.vi, one.en


def _nobody(username: str) -> NotFoundError:
    return NotFoundError(
        "account_unknown",
        field="by",
        vi=f"Không có tài khoản {username}. Xem lại tên đăng nhập.",
        en=f"There is no account {username}. Check the username.",
    )


def _check_writable(target: Path) -> None:
    """A file that cannot be written is told before anything is recorded."""
    try:
        target.touch()
    except OSError:
        raise InvalidInputError(
            "file_unwritable",
            field="faults",
            vi=f"Không ghi được tệp {target}. Chọn thư mục có sẵn và ghi được.",
            en=f"{target} cannot be written. Choose a folder that is there and can be written to.",
        ) from None
