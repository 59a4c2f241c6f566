"""Making and dropping databases on a server."""

import re
from contextlib import suppress

import psycopg
from psycopg import sql

from tiemchung.ground.embedded import errors

MAINTENANCE = "postgres"
NAME = re.compile(r"[a-z0-9_]{1,63}")


def create(server: str, name: str, template: str | None = None) -> None:
    """Make a database on the server at an address, empty or as a copy of a template."""
    parts = [sql.SQL("CREATE DATABASE {}").format(_identifier(name))]
    if template is not None:
        parts.append(sql.SQL("TEMPLATE {}").format(_identifier(template)))
    try:
        _execute(server, sql.SQL(" ").join(parts))
    except psycopg.errors.DuplicateDatabase:
        raise errors.database_exists(name) from None
    except psycopg.errors.InvalidCatalogName:
        raise errors.database_absent(template or "") from None


def ensure_role(server: str, name: str) -> None:
    """Make a role without any rights on the server at an address; of two makers the second finds it made."""
    with psycopg.connect(server, autocommit=True) as connection, suppress(psycopg.errors.DuplicateObject):
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(_identifier(name)))


def drop(server: str, name: str) -> None:
    """Delete a database, whoever is connected to it."""
    try:
        _execute(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(_identifier(name)))
    except psycopg.errors.InvalidCatalogName:
        raise errors.database_absent(name) from None


def names(server: str) -> list[str]:
    """The databases of the server, PostgreSQL's own left out, in order."""
    with psycopg.connect(server, autocommit=True) as connection:
        query = "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> %s ORDER BY datname"
        return [name for (name,) in connection.execute(query, [MAINTENANCE])]


def _identifier(name: str) -> sql.Identifier:
    if not NAME.fullmatch(name):
        raise errors.bad_database_name(name)
    return sql.Identifier(name)


def _execute(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
