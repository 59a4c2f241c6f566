"""Who may do what in the database itself? The owner makes tables; the application writes, and only adds to what grows.

A trigger stops a mistake. It does not stop the account that may drop it: so the processes that face the world have
another role than the one that owns the tables (docs/adr/0022).
"""

from typing import Any

import psycopg
from psycopg import sql as composing
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from tiemchung.ground import sql
from tiemchung.ground.errors import ConflictError

queries = sql.load(__package__)
_ONLY_READ = {"django_migrations"}
_OF_KIND = {"r": "SELECT, INSERT, UPDATE, DELETE", "p": "SELECT, INSERT, UPDATE, DELETE", "S": "SELECT, USAGE"}


def bind(owner_url: str, application_url: str) -> bool:
    """Give the role of one address what the application needs in the owner's database, and take the rest from it.

    Does nothing where both are one role, which gives False. The role must be there.
    """
    role = conninfo_to_dict(application_url).get("user")
    with psycopg.connect(owner_url, row_factory=dict_row) as connection:
        if not role or role == connection.info.user:
            return False
        _grant(connection, str(role))
    return True


def _grant(connection: "psycopg.Connection[dict[str, Any]]", role: str) -> None:
    """All grants anew, for the tables that there are now."""
    names = {"role": composing.Identifier(role), "database": composing.Identifier(connection.info.dbname)}
    for statement in (
        "REVOKE CONNECT ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
    ):
        connection.execute(composing.SQL(statement).format(**names))
    for row in connection.execute(queries["relations"].statement).fetchall():
        rights = composing.SQL("GRANT {} ON {} TO {}").format(
            _rights(row), composing.Identifier(row["name"]), names["role"]
        )
        connection.execute(rights)


def _rights(row: dict[str, Any]) -> composing.Composable:
    """What the application may do with one table, view or sequence."""
    if row["grows"]:
        columns = composing.SQL(", ").join(map(composing.Identifier, row["grows"]))
        return composing.SQL("SELECT, INSERT ({})").format(columns)
    return composing.SQL("SELECT" if row["name"] in _ONLY_READ else _OF_KIND.get(row["kind"], "SELECT"))


def check_bound(address: str = "DATABASE_URL", migrate: str = "tiemchung migrate") -> None:
    """Refuse a role that could change what only grows. Raises ConflictError naming the first table.

    `address` is the setting that holds the application's address, and the field of the refusal; `migrate` the command
    that gives its role its rights.
    """
    tables = [row["name"] for row in sql.fetch_all(queries["changeable"])]
    if tables:
        owner = address.replace("DATABASE_URL", "DATABASE_OWNER_URL")
        raise ConflictError(
            "role_too_strong",
            field=address,
            vi=f"Tài khoản cơ sở dữ liệu này sửa được sổ (bảng {tables[0]}). Dùng hai địa chỉ: {address} cho ứng "
            f"dụng, {owner} cho {migrate}; xem docs/guide/run.md.",
            en=f"This database role could change the ledger (table {tables[0]}). Use two addresses: {address} for "
            f"the application, {owner} for {migrate}; see docs/guide/run.md.",
        )
