"""`tiemchung accounts`: open accounts of staff, one or a list."""

import csv
import getpass
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tiemchung.cli.found import facility
from tiemchung.cli.processes import embedded, prepare
from tiemchung.ground.errors import InvalidInputError, RefusedError

if TYPE_CHECKING:
    from tiemchung.accounts.models import Account

ROLES = (
    "vaccinator", "doctor", "data_clerk", "facility_head", "commune_health_station", "hamlet_team", "commune_police",
    "district", "province_health_department", "province_cdc", "checkpoint_officer", "national_signer", "key_officer",
    "ministry", "desk_operator", "auditor", "administrator",
)  # fmt: skip
# a citizen opens his own, in the health book; the roles themselves need Django, which a command's help does not load
COLUMNS = ("username", "name", "role", "facility", "password")
FEWEST_CHARACTERS = 8


@click.group()
def group() -> None:
    """Accounts of staff."""


@group.command("open")
@embedded
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--username", required=True)
@click.option("--name", help="As colleagues see it; without one, the username.")
@click.option("--facility", "code", help="Code of the facility; for vaccinator and facility_head.")
@click.option("--password-from-stdin", is_flag=True, help="Read the password as one line instead of asking for it.")
def open_one(
    embedded: Path | None, role: str, username: str, name: str | None, code: str | None, password_from_stdin: bool
) -> None:
    """Open one account. A password never stands in the command: others could read it there."""
    password = sys.stdin.readline().rstrip("\r\n") if password_from_stdin else getpass.getpass()
    server = prepare(embedded)
    row = {"username": username, "name": name or username, "role": role, "facility": code or "", "password": password}
    account = _open(row)
    click.echo(f"{account.username}: opened as {account.role}")
    del server


@group.command("open-many")
@embedded
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
def open_many(embedded: Path | None, file: Path) -> None:
    """Open the accounts of a CSV FILE (username, name, role, facility, password): all, or none and why.

    Where the password is left empty one is made and printed, once.
    """
    rows = _rows(file)
    server = prepare(embedded)
    made = _open_all(rows)
    for row in made:
        click.echo(f"{row['username']}\t{row['password']}")
    click.echo(f"{len(rows)} accounts opened", err=True)
    del server


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise click.UsageError(f"{file} lacks the columns: {', '.join(missing)}.")
        return [{name: (row[name] or "").strip() for name in COLUMNS} for row in reader]


def _open_all(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Open all in one transaction; gives the rows whose password was made. Raises InvalidInputError naming each row."""
    from django.db import transaction

    made, refused = [], []
    with transaction.atomic():
        for line, row in enumerate(rows, start=2):
            if not row["password"]:
                row["password"] = secrets.token_urlsafe(9)
                made.append(row)
            try:
                _open(row)
            except RefusedError as error:
                refused.append((line, error))
        if refused:
            raise _refusal(refused)
    return made


def _refusal(refused: list[tuple[int, RefusedError]]) -> InvalidInputError:
    vi = "\n".join(f"dòng {line}, {error.field}: {error.vi}" for line, error in refused)
    en = "\n".join(f"line {line}, {error.field}: {error.en}" for line, error in refused)
    return InvalidInputError(
        "rows_refused",
        field="file",
        vi=f"Chưa mở tài khoản nào. Sửa các dòng sau rồi chạy lại:\n{vi}",
        en=f"No account was opened. Mend these lines, then run again:\n{en}",
    )


def _open(row: dict[str, str]) -> "Account":
    from tiemchung.accounts import actions
    from tiemchung.accounts.models import Role

    _check(row)
    return actions.open_account(
        username=row["username"],
        display_name=row["name"] or row["username"],
        role=Role(row["role"]),
        password=row["password"],
        facility_id=facility(row["facility"]).id if row["facility"] else None,
        by=None,
    )


def _check(row: dict[str, str]) -> None:
    if not row["username"]:
        raise InvalidInputError(
            "username_missing", field="username", vi="Chưa có tên đăng nhập. Ghi một tên.", en="Write a username."
        )
    if row["role"] not in ROLES:
        raise InvalidInputError(
            "role_unknown",
            field="role",
            vi=f"Không có vai trò này. Chọn một trong: {', '.join(ROLES)}.",
            en=f"There is no such role. Choose one of: {', '.join(ROLES)}.",
        )
    if len(row["password"]) < FEWEST_CHARACTERS:
        raise InvalidInputError(
            "password_short",
            field="password",
            vi=f"Mật khẩu cần ít nhất {FEWEST_CHARACTERS} ký tự. Chọn mật khẩu dài hơn.",
            en=f"A password needs at least {FEWEST_CHARACTERS} characters. Choose a longer one.",
        )
