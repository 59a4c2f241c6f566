"""What does the operator read when the database does not do what a command asked of it? Words, not a traceback."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tiemchung.ground.errors import ConflictError, RefusedError

if TYPE_CHECKING:
    import psycopg

NOT_MIGRATED, NOT_GRANTED = "42P01", "42501"  # PostgreSQL: undefined_table, insufficient_privilege


def refusal_of(error: Exception, setting: str = "DATABASE_URL") -> RefusedError | None:
    """What an error of Django's database layer means where its cause is the installation; of all else None.

    `setting` names the address that was used. The words hold what PostgreSQL said, which never holds a password.
    """
    import psycopg

    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        return None
    if isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:
        return _unreachable(setting, cause)
    made: Callable[[str, psycopg.Error], RefusedError] | None = _BY_STATE.get(cause.sqlstate or "")
    return made(setting, cause) if made else None


def _unreachable(setting: str, cause: "psycopg.Error") -> RefusedError:
    return ConflictError(
        "database_unreachable",
        field=setting,
        vi=f"Không kết nối được cơ sở dữ liệu: {_line(cause)}. Xem lại địa chỉ, mật khẩu, máy chủ có chạy không.",
        en=f"The database cannot be reached: {_line(cause)}. Check address and password, and that its server runs.",
    )


def _not_migrated(setting: str, cause: "psycopg.Error") -> RefusedError:
    return ConflictError(
        "database_not_migrated",
        field=setting,
        vi=f"Cơ sở dữ liệu chưa đúng phiên bản: {_line(cause)}. Chạy tiemchung migrate trước.",
        en=f"The database is not at this version's schema: {_line(cause)}. Run tiemchung migrate first.",
    )


def _not_granted(setting: str, cause: "psycopg.Error") -> RefusedError:
    return ConflictError(
        "database_not_granted",
        field=setting,
        vi=f"Vai trò này không có quyền: {_line(cause)}. Chạy tiemchung migrate với DATABASE_OWNER_URL.",
        en=f"This role may not do that: {_line(cause)}. Run tiemchung migrate with DATABASE_OWNER_URL.",
    )


_BY_STATE = {NOT_MIGRATED: _not_migrated, NOT_GRANTED: _not_granted}


def _line(cause: "psycopg.Error") -> str:
    """The first line of what PostgreSQL said."""
    said = str(cause).strip().splitlines()
    return said[0].rstrip(".") if said else type(cause).__name__
