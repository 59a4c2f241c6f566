"""Issuing and verifying by the thousand, on all cores.

Work goes to processes in chunks; results come back in order, as they are ready. One certificate that is refused
does not stop the others: it comes back as its IssueRefused. Processes are started afresh (not forked), since
PKCS#11 modules and threads do not survive a fork. They end with whoever started them, however he ends.
"""

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any, NamedTuple, TypeAlias

from tiemchung.hcert import claims, trust_format
from tiemchung.hcert.codes import CODES, Status
from tiemchung.hcert.errors import IssueRefused
from tiemchung.hcert.inputs import verify_all
from tiemchung.hcert.issuing import issue_all
from tiemchung.hcert.signing import Signer
from tiemchung.hcert.trust import TrustList
from tiemchung.hcert.verdict import DEFAULT_POLICY, Policy, RevocationCheck, Verdict

CHUNK = 256
"""Certificates sent at once: large enough that sending costs little beside signing, small enough to flow."""


class Issued(NamedTuple):
    """A certificate as the batch returns it."""

    text: str
    signature: bytes


class Summary(NamedTuple):
    """A verdict as the batch returns it.

    What the certificate says travels as the token that it stood in, and is read when it is asked for: most ask only
    for the verdict. `other` is content that is not the token's EU DCC.
    """

    code: str
    notes: tuple[str, ...]
    issuer: str | None
    token: bytes | None
    other: Any

    @property
    def status(self) -> Status:
        """Valid, invalid or unknown."""
        return CODES[self.code].status

    @property
    def content(self) -> Any:
        """What the certificate says as its issuer wrote it; None unless the signature was found good."""
        return self.other if self.token is None else claims.decode(self.token).contents[claims.DCC]


Outcome: TypeAlias = Issued | IssueRefused


@dataclass(frozen=True)
class _Verifier:
    """What a verifying process holds; the list travels as plain values, since keys cannot."""

    trust: TrustList
    revocation: RevocationCheck | None
    policy: Policy


class IssuingPool:
    """Processes that hold the signer, ready for one batch after another."""

    def __init__(self, executor: ProcessPoolExecutor) -> None:
        self._executor = executor

    def issue(
        self,
        contents: Iterable[Mapping[str, Any]],
        *,
        issuer: str = "VN",
        issued_at: datetime,
        expires_at: datetime | None = None,
    ) -> Iterator[Outcome]:
        """Issue each content as `issuing.issue` does, in order; a refusal is a value. KeyUnusable ends the batch."""
        return _in_order(self._executor, _issue_chunk, contents, (issuer, issued_at, expires_at))


class VerifyingPool:
    """Processes that hold the trust list, ready for one batch after another."""

    def __init__(self, executor: ProcessPoolExecutor) -> None:
        self._executor = executor

    def verify(self, texts: Iterable[str | bytes], *, at: datetime) -> Iterator[Summary]:
        """Judge each text or picture as `hcert.verify` does, in order."""
        return map(Summary._make, _in_order(self._executor, _verify_chunk, texts, (at,)))


@contextmanager
def issuing(signer: Signer, *, processes: int | None = None) -> Iterator[IssuingPool]:
    """Start processes for issuing, one per core unless told otherwise; the signer must be picklable, as ours are."""
    with _executor(processes, _hold_signer, (signer,)) as executor:
        yield IssuingPool(executor)


@contextmanager
def verifying(
    trust: TrustList,
    *,
    revocation: RevocationCheck | None = None,
    policy: Policy = DEFAULT_POLICY,
    processes: int | None = None,
) -> Iterator[VerifyingPool]:
    """Start processes for verifying, one per core unless told otherwise."""
    with _executor(processes, _hold_trust, (trust_format.payload(trust), revocation, policy)) as executor:
        yield VerifyingPool(executor)


def _executor(processes: int | None, hold: Callable[..., None], arguments: tuple[Any, ...]) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        processes or os.cpu_count(),
        mp_context=get_context("spawn"),
        initializer=_begin,
        initargs=(hold, arguments),
    )


def _in_order(
    executor: ProcessPoolExecutor, work: Any, things: Iterable[Any], arguments: tuple[Any, ...]
) -> Iterator[Any]:
    """Keep a few chunks under way per process, so that neither side waits and memory stays bounded."""
    source = iter(things)
    ahead = 4 * (os.cpu_count() or 1)
    waiting: list[Future[list[Any]]] = []
    while chunk := list(islice(source, CHUNK)):
        waiting.append(executor.submit(work, chunk, *arguments))
        if len(waiting) >= ahead:
            yield from waiting.pop(0).result()
    for future in waiting:
        yield from future.result()


# -- inside a process --------------------------------------------------------------------------------------

_held: dict[str, Any] = {}


def _begin(hold: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """Hold what the work needs, no longer than whoever started this process lives."""
    end_with_parent()
    hold(*arguments)


def end_with_parent() -> None:
    """Let this process live no longer than the one that started it.

    A parent that is killed tells nobody, and its process would hold the key and wait for work for ever. Not the
    kernel's signal at a parent's death: that is the death of the thread that started the process.
    """
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _hold_signer(signer: Signer) -> None:
    gc.freeze()
    _held["signer"] = signer


def _hold_trust(payload: Mapping[str, Any], revocation: RevocationCheck | None, policy: Policy) -> None:
    gc.freeze()
    _held["verifier"] = _Verifier(trust_format.parse(payload), revocation, policy)


def _issue_chunk(
    contents: list[Mapping[str, Any]], issuer: str, issued_at: datetime, expires_at: datetime | None
) -> list[Outcome]:
    made = issue_all(contents, _held["signer"], issuer=issuer, issued_at=issued_at, expires_at=expires_at)
    return [one if isinstance(one, IssueRefused) else Issued(one.text, one.signature) for one in made]


def _verify_chunk(texts: list[str | bytes], at: datetime) -> list[tuple[Any, ...]]:
    """What becomes a Summary; as plain tuples, which travel in half the time."""
    held: _Verifier = _held["verifier"]
    return list(map(_row, verify_all(texts, held.trust, at=at, revocation=held.revocation, policy=held.policy)))


def _row(verdict: Verdict) -> tuple[Any, ...]:
    decoded, content = verdict.decoded, verdict.content
    if decoded is None:
        return verdict.code, verdict.notes, None, None, None
    if content is None or decoded.dcc is not content:
        return verdict.code, verdict.notes, decoded.claims.issuer, None, content
    return verdict.code, verdict.notes, decoded.claims.issuer, decoded.message.payload, None
