"""All writes of seals. A seal is its own entry: one about it in the audit log would have to be sealed in its turn."""

from datetime import UTC

from django.db import transaction

from tiemchung.ground import clock, sql
from tiemchung.ground.errors import ConflictError
from tiemchung.oversight import leaves, ledgers
from tiemchung.oversight.leaves import Leaves
from tiemchung.oversight.ledgers import Ledger, queries
from tiemchung.oversight.models import Seal
from tiemchung.oversight.statement import NOTHING_BEFORE, Sealed, Statement, link
from tiemchung.passports import keys

LARGEST = 200_000  # rows of one table under one seal, unless a single transaction wrote more


def seal_finished(*, largest: int = LARGEST) -> int:
    """Seal all that finished transactions have written by now and no seal covers. Gives how many seals were made.

    What is written meanwhile is left to the next call: a sealer that ran after writers would make small seals without
    end. Killed at any moment it leaves no half a seal; of two sealers at once one waits and finds less to do. Raises
    ConflictError when there is no key for seals, or when the database counts transactions anew (after a restore).
    """
    goal, made = ledgers.horizon(), 0
    while _seal_next(largest, goal):
        made += 1
    return made


@transaction.atomic
def _seal_next(largest: int, goal: int) -> bool:
    """Make one seal, if there is anything to seal below the goal."""
    ledgers.plain_text()
    sql.fetch_one(queries["take_turns"])
    last = Seal.objects.order_by("-number").first()
    first, horizon = (last.until if last else 0), ledgers.horizon()
    if horizon < first:
        raise _counts_anew()
    goal = min(goal, horizon)
    if goal <= first:
        return False
    found = ledgers.all_ledgers().values()
    until = min([goal, *(_cut(each, first, goal, largest) for each in found)])
    parts = {each: some for each in found if (some := leaves.read(each, first, until, leaves.FORM))}
    if parts:
        _write(last, first, until, parts)
    return bool(parts)


def _cut(ledger: Ledger, first: int, until: int, largest: int) -> int:
    """Where to end so that no more rows than that come under one seal; a transaction's rows stay together."""
    row = sql.fetch_one(ledger.filled(queries["cut"]), {"first": first, "until": until, "limit": largest})
    return max(int(row["written_in"]), _first_of(ledger, first, until) + 1) if row else until


def _first_of(ledger: Ledger, first: int, until: int) -> int:
    row = sql.fetch_one(ledger.filled(queries["first_outside"]), {"first": first, "until": until})
    return int(row["written_in"]) if row else until


def _write(last: Seal | None, first: int, until: int, parts: dict[Ledger, list[Leaves]]) -> None:
    now = clock.now()
    statement = Statement(
        seal=last.number + 1 if last else 1,
        made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        first=first,
        until=until,
        previous=link(last.statement, last.signature) if last else NOTHING_BEFORE,
        tables=tuple(Sealed.of(ledger, some, leaves.FORM) for ledger, some in parts.items()),
        form=leaves.FORM,
    )
    signer, text = keys.current(keys.SEAL), statement.text
    seal = Seal.objects.create(
        number=statement.seal,
        made_at=now,
        first=first,
        until=until,
        rows=statement.rows,
        statement=text,
        key_id=signer.kid.hex(),
        signature=signer.sign(text.encode()).hex(),
    )
    for ledger, some in parts.items():
        _keep(seal, ledger.table, some)


def _keep(seal: Seal, table: str, parts: list[Leaves]) -> None:
    kept = [
        {"seal": seal.number, "table": table, "part": number, "keys": part.written, "hashes": part.hashes}
        for number, part in enumerate(parts)
    ]
    sql.execute_many(queries["keep"], kept)


def _counts_anew() -> ConflictError:
    return ConflictError(
        "transactions_counted_anew",
        field="database",
        vi="Cơ sở dữ liệu đếm giao dịch lại từ đầu (sau khi khôi phục). Chạy: tiemchung migrate.",
        en="The database counts its transactions anew (after a restore). Run: tiemchung migrate.",
    )
