"""`tiemchung accounts`: open accounts of staff, one or a list; give codes anew, shut and open again, close."""

import csv
import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from tiemchung.cli.found import facility
from tiemchung.cli.processes import embedded, prepare
from tiemchung.ground.errors import InvalidInputError, NotFoundError

if TYPE_CHECKING:
    from tiemchung.accounts.actions_import import Imported, Slip
    from tiemchung.accounts.models import Account

ROLES = (
    "vaccinator", "doctor", "data_clerk", "facility_head", "commune_health_station", "hamlet_team", "commune_police",
    "district", "province_health_department", "province_cdc", "checkpoint_officer", "national_signer", "key_officer",
    "ministry", "desk_operator", "auditor", "administrator",
)  # fmt: skip
# a citizen opens his own, in the health book; the roles themselves need Django, which a command's help does not load
FEWEST_CHARACTERS = 8
SLIP = ("username", "name", "place", "code")
day = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])


@click.group()
def group() -> None:
    """Accounts of staff."""


@group.command("open")
@embedded
@click.option("--role", type=click.Choice(ROLES), required=True, help="What it may do (docs/guide/accounts.md).")
@click.option("--username", required=True, help="What its holder types to sign in.")
@click.option("--name", help="As colleagues see it; without one, the username.")
@click.option("--facility", "code", help="Code of the facility; for vaccinator, doctor, data_clerk, facility_head.")
@click.option("--area", help="GSO code of the commune, district or province that bounds the role.")
@click.option("--expires-on", type=day, help="Its last day.")
@click.option(
    "--password-from-stdin", is_flag=True, help="Read a first password as one line, instead of making a code."
)
def open_one(
    embedded: Path | None,
    role: str,
    username: str,
    name: str | None,
    code: str | None,
    area: str | None,
    expires_on: datetime | None,
    password_from_stdin: bool,
) -> None:
    """Open one account and print its activation code, once.

    A password never stands in the command: others could read it there.
    """
    password = sys.stdin.readline().rstrip("\r\n") if password_from_stdin else None
    server = prepare(embedded)
    said = {
        "username": username,
        "display_name": name or username,
        "role": role,
        "facility_id": facility(code).id if code else None,
        "area_code": area,
        "expires_on": expires_on.date() if expires_on else None,
    }
    click.echo(_open(said, password))
    del server


@group.command("import")
@embedded
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
@click.option("--only-good-lines", is_flag=True, help="Open what can be opened; without it one fault opens nothing.")
@click.option("--new-codes", is_flag=True, help="Also give a new code to those of the list who have not used theirs.")
@click.option("--codes", "target", type=click.Path(path_type=Path), help="Write the codes to this new file (mode 600).")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def import_list(
    embedded: Path | None, file: Path, only_good_lines: bool, new_codes: bool, target: Path | None, as_json: bool
) -> None:
    """Open the accounts of a CSV FILE: username, name, role, facility, area, expires_on.

    Prints a line with the activation code of each account, once. Sending the list again is harmless.
    """
    server = prepare(embedded)
    from tiemchung.accounts import actions_import, staff_list

    slips_file = _private(target) if target else None  # before anything is written: a code is told once
    done = actions_import.import_staff(
        reading=staff_list.read(file.read_bytes()), by=None, only_good_lines=only_good_lines, new_codes=new_codes
    )
    if slips_file:
        with slips_file:
            _write_slips(slips_file, done.slips)
    _say(done, as_json=as_json, with_codes=target is None)
    del server
    if not done.wrote:
        sys.exit(1)


@group.command("reset")
@embedded
@click.argument("username")
def reset(embedded: Path | None, username: str) -> None:
    """Take an account's password away and print a new activation code, once."""
    server = prepare(embedded)
    from tiemchung.accounts import actions_staff

    click.echo(actions_staff.reset_password(account_id=_named(username).id, by=None).code)
    del server


@group.command("reset-second-factor")
@embedded
@click.argument("username")
def reset_second_factor(embedded: Path | None, username: str) -> None:
    """Take the second factor from who lost his phone; he sets one up at the next sign-in. All his sign-ins end."""
    server = prepare(embedded)
    from tiemchung.accounts import actions_second_factor

    actions_second_factor.reset_second_factor(account=_named(username), by=None)
    click.echo(f"{username}: second factor reset, signed out everywhere")
    del server


@group.command("suspend")
@embedded
@click.argument("username")
def suspend(embedded: Path | None, username: str) -> None:
    """Shut an account until it is resumed."""
    _standing(embedded, username, "suspend")


@group.command("resume")
@embedded
@click.argument("username")
def resume(embedded: Path | None, username: str) -> None:
    """Open a suspended account again."""
    _standing(embedded, username, "resume")


@group.command("close")
@embedded
@click.argument("username")
@click.option("--on", "on", type=day, help="The first day that it is closed; today when none is given.")
@click.option("--successor", help="Username of who takes over its open work.")
def close(embedded: Path | None, username: str, on: datetime | None, successor: str | None) -> None:
    """Close an account for good. It is never deleted."""
    server = prepare(embedded)
    from tiemchung.accounts import actions_standing
    from tiemchung.ground import clock
    from tiemchung.office.open_work import open_work

    first_day: date = on.date() if on else clock.today()
    heir = _named(successor).id if successor else None
    done = actions_standing.close(
        account_id=_named(username).id, on=first_day, by=None, successor_id=heir, open_work=open_work
    )
    click.echo(f"{done.username}: {done.standing}")
    del server


def _standing(folder: Path | None, username: str, act: str) -> None:
    server = prepare(folder)
    from tiemchung.accounts import actions_standing

    done = getattr(actions_standing, act)(account_id=_named(username).id, by=None)
    click.echo(f"{done.username}: {done.standing}")
    del server


def _private(path: Path) -> IO[str]:
    """A new file that nobody else on the machine may read. Raises UsageError when there is one already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.UsageError(f"{path} is there already; name a new file for the codes.") from None
    return os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")


def _write_slips(file: Any, slips: "list[Slip]") -> None:
    writer = csv.writer(file)
    writer.writerow(SLIP)
    writer.writerows([getattr(slip, name) for name in SLIP] for slip in slips)


def _say(done: "Imported", *, as_json: bool, with_codes: bool) -> None:
    slips = [{name: getattr(slip, name) for name in SLIP} for slip in done.slips] if with_codes else []
    faults = [{"line": one.line, "column": one.column, "vi": one.vi, "en": one.en} for one in done.faults]
    if as_json:
        counts = {"wrote": done.wrote, "opened": len(done.slips), "unchanged": done.unchanged}
        click.echo(json.dumps({**counts, "slips": slips, "faults": faults}, ensure_ascii=False))
        return
    for slip in slips:
        click.echo("\t".join(slip.values()))
    for fault in done.faults:
        click.echo(f"{fault.line}, {fault.column}: {fault.vi}\n    {fault.en}", err=True)
    said = f"{len(done.slips)} codes given, {done.unchanged} open before, {len(done.faults)} lines with faults"
    click.echo(said if done.wrote else f"nothing opened: {len(done.faults)} lines with faults", err=True)


def _open(said: dict[str, Any], password: str | None) -> str:
    from tiemchung.accounts import actions, actions_staff, policy
    from tiemchung.accounts.models import Role

    said["role"] = Role(said["role"])
    if password is None:
        opened = actions_staff.open_staff(**said, by=None)
        return f"{opened.account.username}\t{opened.code}"
    policy.check_username(said["username"])
    if len(password) < FEWEST_CHARACTERS:
        raise InvalidInputError(
            "password_short",
            field="password",
            vi=f"Mật khẩu cần ít nhất {FEWEST_CHARACTERS} ký tự. Chọn mật khẩu dài hơn.",
            en=f"A password needs at least {FEWEST_CHARACTERS} characters. Choose a longer one.",
        )
    account = actions.open_account(**said, password=password, by=None)
    return f"{account.username}: opened as {account.role}"


def _named(username: str) -> "Account":
    from tiemchung.accounts.models import Account, Role

    found = Account.objects.filter(username=username).exclude(role=Role.CITIZEN).first()
    if found is None:
        raise NotFoundError(
            "account_unknown",
            field="username",
            vi=f"Không có tài khoản nhân viên tên {username}. Xem lại tên.",
            en=f"No account of staff is called {username}. Check the name.",
        )
    return found
