"""Questions as files and answers from files: for the many whom no one-by-one asking would get through.

What is written down first is a fact in the tables: an export that was killed is written anew from it, an import takes
each file in its own transaction and each answer once.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
from django.conf import settings

from tiemchung.ground import batch_files, signed_notice, sql
from tiemchung.ground.batch_files import ANSWERS, CHANGES, QUESTIONS, DataFile, Manifest
from tiemchung.ground.errors import InvalidInputError
from tiemchung.identity import exchange
from tiemchung.identity.actions import asked_about, handle_of
from tiemchung.identity.models import CheckBatch

COLUMNS = ("id", "record", "number", "full_name", "birth_date", "sex")
ANSWER_COLUMNS = ("id", "verdict", "number", "full_name", "birth_date", "sex", "handle")
ROWS_OF_A_FILE = 200_000
queries = sql.load(__package__)
NIL = UUID(int=0)


@dataclass(frozen=True)
class Changes:
    """A list of changes as it was signed: handles of persons who were right, questions that were wrong."""

    digest: str
    after: int
    upto: int
    handles: tuple[str, ...]
    questions: tuple[UUID, ...]


def write_questions(batch: CheckBatch, folder: Path, form: str) -> Manifest:
    """Write the questions of a batch that are still open, the manifest last; gives it. Files are whole or absent."""
    folder.mkdir(parents=True, exist_ok=True)
    files: list[DataFile] = []
    times: list[str] = []
    after = NIL
    while rows := sql.fetch_all(queries["batch_persons"], {"batch": batch.pk, "after": after, "limit": ROWS_OF_A_FILE}):
        path = folder / f"questions-{len(files):04}.{form}"
        files.append(batch_files.write_rows(path, COLUMNS, _questions(rows)))
        times += [rows[0]["asked_at"].isoformat(), rows[-1]["asked_at"].isoformat()]
        after = rows[-1]["id"]
    if not files:
        files.append(batch_files.write_rows(folder / f"questions-0000.{form}", COLUMNS, []))
    period = (min(times), max(times)) if times else ("", "")
    manifest = Manifest(QUESTIONS, batch.pk, batch.made_at, period, tuple(files))
    batch_files.write(folder, manifest, batch_files.sign_by_secret(manifest.text, settings.POPULATION_SECRET))
    return manifest


def read_answers(folder: Path) -> Manifest:
    """Read the manifest of answers and hold the files against it. Raises InvalidInputError: see `batch_files.read`."""
    return batch_files.read(folder, ANSWERS, is_theirs)


def answers(path: Path) -> Iterator[tuple[UUID, str, str, str, str]]:
    """Give (id, verdict, fields as JSON, handle, fault) of each row; what is no answer is a fault, never a verdict.

    Raises InvalidInputError for a file without the columns.
    """
    with batch_files.readable(path.name), duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        source = batch_files.reading([path])
        found = {name for name, *_ in connection.execute(f"DESCRIBE FROM {source}").fetchall()}
        _refuse_absent(path, found)
        columns = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in ANSWER_COLUMNS)
        connection.execute(f"SELECT {columns} FROM {source}")  # noqa: S608
        while rows := connection.fetchmany(10_000):
            yield from filter(None, map(_answer, rows))


def read_changes(path: Path) -> Changes:
    """Read a list of changes that the other side has signed. Raises InvalidInputError: changes_unreadable."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        text = content["list"]
        said = json.loads(text) if is_theirs(text, content) else {}
        if said.get("format") != CHANGES:
            raise ValueError
        questions = tuple(UUID(each) for each in said["questions"])
        after, upto = int(said["after"]), int(said["upto"])
        return Changes(exchange.digest(text), after, upto, tuple(map(str, said["handles"])), questions)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InvalidInputError(
            "changes_unreadable",
            field=path.name,
            vi="Danh sách thay đổi không đọc được hoặc không do bên dân cư ký. Xin bên dân cư gửi lại.",
            en="The list of changes cannot be read, or is not signed by the population side. Have it sent again.",
        ) from None


def is_theirs(text: str, signature: dict[str, Any]) -> bool:
    """Whether the population side has signed it, by a key that we know."""
    made, key = str(signature.get("signature", "")), str(signature.get("key", ""))
    return signed_notice.is_genuine(text, made, key=key, known=settings.SLIP_KEYS)


def _questions(rows: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """The open questions' values as they stand; who has no number any more is left out."""
    by_person = {one["person_id"]: one for one in asked_about([row["person_id"] for row in rows])}
    for row in rows:
        one = by_person.get(row["person_id"])
        if one:
            born = exchange.written_date(one["birth_date"], one["birth_precision"])
            yield str(row["id"]), handle_of(row["person_id"]), one["number"], one["full_name"], born, one["sex"]


def _answer(row: tuple[str, ...]) -> tuple[UUID, str, str, str, str] | None:
    """Believe a row only when it is whole; one whose id is none cannot be the answer to anything."""
    question, verdict, *kinds, handle = row
    try:
        asked = UUID(question)
    except ValueError:
        return None
    fields = {name: kind for name, kind in zip(ANSWER_COLUMNS[2:], kinds, strict=False) if kind}
    reply = exchange.believed(verdict, fields, handle)
    return asked, reply.verdict, json.dumps(reply.fields), reply.handle, reply.fault


def _refuse_absent(path: Path, found: set[str]) -> None:
    absent = next((name for name in ANSWER_COLUMNS if name not in found), None)
    if absent:
        raise InvalidInputError(
            "column_absent",
            field=absent,
            vi=f"Tệp {path.name} không có cột «{absent}». Xin bên dân cư gửi lại cả lô.",
            en=f"{path.name} has no column “{absent}”. Have the whole batch sent again.",
        )
