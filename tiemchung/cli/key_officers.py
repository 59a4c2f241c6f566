"""Which key officer acts by a command? He proves it as on the sign-in page: password, app, counted tries."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

if TYPE_CHECKING:
    from tiemchung.accounts.lock_out import Counted
    from tiemchung.accounts.models import Account

PASSWORD = "TIEMCHUNG_OFFICER_PASSWORD"  # noqa: S105  the name of a variable
CODE = "TIEMCHUNG_OFFICER_CODE"
HERE = "command"  # stands for the address from which tries come


def by_officer(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that says which key officer acts; what proves it is asked for, or read from the environment."""
    return click.option("--by", "officer", required=True, metavar="ACCOUNT", help="The key officer who acts.")(command)


def proven(username: str) -> UUID:
    """The account that acts, once its password and its app's code are known.

    Raises TooManyError, NotAllowedError, InvalidInputError on code; the account's role is the action's to check.
    """
    from tiemchung.accounts import lock_out
    from tiemchung.accounts.actions_tries import clear
    from tiemchung.portal.signing_in import counted_name

    counts = lock_out.of_sign_in(counted_name(username), HERE, None)
    account = _by_password(username, counts)
    _check_code(account, counts)
    clear(counts=counts)
    return account.id


def _by_password(username: str, counts: "list[Counted]") -> "Account":
    from django.contrib.auth import authenticate

    from tiemchung.accounts.actions_sign_in import note_wrong
    from tiemchung.accounts.actions_tries import give_back
    from tiemchung.accounts.models import Account
    from tiemchung.ground.errors import NotAllowedError

    password = _said(PASSWORD, f"Password of {username}")
    _count(username, counts)
    account = authenticate(username=username, password=password)
    if not isinstance(account, Account):
        note_wrong(username=username, way="command", by=None)
        raise NotAllowedError(
            "officer_unknown",
            field="by",
            vi="Tên hoặc mật khẩu của người giữ khóa chưa khớp. Gõ lại.",
            en="Name or password of the key officer do not fit. Type them again.",
        )
    give_back(counts=counts)
    return account


def _check_code(account: "Account", counts: "list[Counted]") -> None:
    from tiemchung.accounts import second_factor
    from tiemchung.accounts.actions_second_factor import take_code
    from tiemchung.accounts.actions_sign_in import note_wrong
    from tiemchung.accounts.models_sign_in import SecondFactor
    from tiemchung.ground.errors import InvalidInputError, NotAllowedError

    if SecondFactor.objects.filter(account=account).exists():
        code = _said(CODE, f"Code of the app of {account.username}")
        _count(account.username, counts)
        try:
            take_code(account=account, code=code, by=account.id)
        except InvalidInputError:
            note_wrong(username=account.username, way="command+totp", by=None)
            raise
    elif second_factor.must_have(account):
        raise NotAllowedError(
            "second_factor_missing",
            field="by",
            vi="Người giữ khóa chưa cài mã hai bước. Đăng nhập trên trang một lần để cài, rồi chạy lại lệnh.",
            en="The key officer has no second factor yet. Sign in on the page once to set it up, then run this again.",
        )


def _count(username: str, counts: "list[Counted]") -> None:
    from tiemchung.accounts import lock_out
    from tiemchung.accounts.actions_tries import take_try

    take_try(counts=counts, refuse=lock_out.locked, username=username)


def _said(variable: str, question: str) -> str:
    said: str = os.environ.get(variable) or click.prompt(question, hide_input=True, err=True)
    return said
