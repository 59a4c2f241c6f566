"""How does the schema change while the version before still serves? In two steps, and never waiting in the way.

A migration runs *before* the new version is rolled out, unless it says `after_deploy = True`: then it runs when no
process of the old version is left. What the version before could not live with belongs after: dropping, renaming,
narrowing. docs/guide/upgrade.md has the rules in words.
"""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import OperationalError, connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.models.fields import NOT_PROVIDED
from psycopg.errors import LockNotAvailable

from tiemchung.ground.errors import ConflictError

LOCK_TIMEOUT = "3s"  # a migration that waits for a table makes everybody behind it wait
TRIES = 20
PAUSE = 2.0  # seconds between two tries, in which the others go on
BREAKING = (migrations.RemoveField, migrations.DeleteModel, migrations.RenameField, migrations.RenameModel)
LOCKING = (migrations.AddIndex, migrations.RemoveIndex, migrations.AddConstraint)
BREAKING_SQL = re.compile(r"\b(?:DROP|TRUNCATE|RENAME|ALTER\s+TABLE)\b", re.I)
SAFE_SQL = ("CREATE TABLE", "CREATE OR REPLACE", "CREATE INDEX CONCURRENTLY", "CREATE VIEW", "CREATE FUNCTION")


def is_after(migration: Any) -> bool:
    """Whether a migration waits until the old version is gone."""
    return bool(getattr(migration, "after_deploy", False))


def risks(migration: Any) -> list[str]:
    """What the version before could not live with, or would have to wait for; each with its cure.

    A table that the migration itself makes may be treated in any way.
    """
    new = {each.name.lower() for each in migration.operations if isinstance(each, migrations.CreateModel)}
    return [
        risk
        for operation in migration.operations
        if str(getattr(operation, "model_name", "")).lower() not in new
        for risk in _risks_of(operation)
    ]


def run(when: str, tell: Callable[[str], None]) -> int:
    """Apply the migrations that are due `before` or `after` a deploy; gives how many. Killed, it goes on when called.

    Raises ConflictError when a table stays locked by others.
    """
    for tries in range(1, TRIES + 1):
        try:
            return _apply(when, tell)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            tell(f"a table is in use; the others go on, try {tries} of {TRIES}")
            time.sleep(PAUSE)
    raise ConflictError(
        "MIGRATION_LOCKED",
        field="database",
        vi="Bảng đang được dùng lâu nên chưa nâng cấp được. Tìm giao dịch mở lâu rồi chạy lại.",
        en="A table stays in use, so the schema was not changed further. Look for a transaction that is open for long "
        "(pg_stat_activity), then run it again.",
    )


def planned(when: str) -> list[Any]:
    """The migrations that are due, in their order: before a deploy those that nothing holds back until after it."""
    executor = MigrationExecutor(connection)
    held: set[tuple[str, str]] = set()
    found = []
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        name = (migration.app_label, migration.name)
        if when == "before" and (is_after(migration) or held & set(migration.dependencies)):
            held.add(name)
        else:
            found.append(migration)
    return found


def _apply(when: str, tell: Callable[[str], None]) -> int:
    due = planned(when)
    executor = MigrationExecutor(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
    try:
        for migration in due:
            tell(f"{migration.app_label}.{migration.name}")
        if due:
            targets = [(each.app_label, each.name) for each in due]
            executor.migrate(targets, plan=[(each, False) for each in due])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '0', false)")
    return len(due)


def _risks_of(operation: Any) -> Iterator[str]:
    name = type(operation).__name__
    if isinstance(operation, BREAKING):
        yield f"{name}: the old version still uses it; do it after deploy"
    elif isinstance(operation, migrations.AddField):
        yield from _of_new_column(operation)
    elif isinstance(operation, migrations.AlterField):
        yield "AlterField: rewrites or narrows the column; add a new one, and drop this one after deploy"
    elif isinstance(operation, LOCKING) and not isinstance(operation, AddIndexConcurrently | RemoveIndexConcurrently):
        yield f"{name}: writers wait meanwhile; use AddIndexConcurrently, or a constraint that is validated afterwards"
    elif isinstance(operation, migrations.RunSQL) and not _is_safe(operation.sql):
        yield "RunSQL: more than new tables, views, functions or concurrent indexes; do it after deploy"


def _of_new_column(operation: migrations.AddField) -> Iterator[str]:
    field: Any = operation.field
    given = getattr(field, "db_default", NOT_PROVIDED) is not NOT_PROVIDED
    if not field.null and not given and not isinstance(field, models.ManyToManyField):
        yield f"AddField {operation.name}: the old version inserts without it; let it be null, or give it a db_default"
    if field.unique or field.db_index:
        yield f"AddField {operation.name}: its index locks the table; add the index by AddIndexConcurrently"


def _is_safe(sql: Any) -> bool:
    statements = sql if isinstance(sql, list | tuple) else [sql]
    return all(
        str(each).strip().upper().startswith(SAFE_SQL) and not BREAKING_SQL.search(str(each)) for each in statements
    )
