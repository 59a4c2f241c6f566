"""Walking every address of the system: what there is, who is let in, and what became of it.

Each request runs in a savepoint that is undone, so that one walk may post to every page without leaving a trace, and
thousands of requests share one database.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

from django.db import transaction
from django.db.models import Max
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import get_converters

from tiemchung.ground.models import AuditEntry, ReadEntry
from tiemchung.people.models import Person

EXAMPLES = {"uuid": "01900000-0000-7000-8000-000000000000", "int": 1, "str": "vn", "slug": "vn", "path": "x"}
REFUSED = {401, 403}
METHODS = ("get", "post")


@cache
def arguments() -> dict[str, dict[str, Any]]:
    """Every named address with an example of each of its arguments."""
    return dict(_walk(get_resolver()))


def address(page: str, **given: Any) -> str:
    """The path of a page; what is not given is an example of which there is nothing."""
    return reverse(page, kwargs=arguments()[page] | given)


@dataclass(frozen=True)
class Answer:
    """What came back, what was written, and about whom something was read, before it was undone."""

    response: HttpResponse
    acts: tuple[str, ...]
    persons: frozenset[UUID]  # whose record was read
    facilities: frozenset[UUID]  # that the entries of the logs name
    homes: frozenset[str]  # communes of persons who were entered

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return text_of(self.response)


def ask(client: Client, method: str, path: str, data: Mapping[str, Any] | None = None) -> HttpResponse:
    """Send one request and undo all that it wrote."""
    return ask_closely(client, method, path, data).response


def ask_closely(client: Client, method: str, path: str, data: Mapping[str, Any] | None = None) -> Answer:
    """Send one request, see what it wrote and read, and undo it."""
    client.raise_request_exception = False
    signed_in = client.cookies.copy()
    with transaction.atomic():
        last = AuditEntry.objects.aggregate(last=Max("id"))["last"] or 0
        looks = set(ReadEntry.objects.values_list("id", flat=True))
        known = set(Person.objects.values_list("id", flat=True))
        as_json = {"content_type": "application/json"} if path.startswith("/api/") and method != "get" else {}
        response: HttpResponse = getattr(client, method)(path, data or {}, **as_json)
        acts = AuditEntry.objects.filter(id__gt=last).exclude(act="access.refused")
        read = ReadEntry.objects.exclude(id__in=looks)
        answer = Answer(
            response,
            tuple(acts.values_list("act", flat=True)),
            frozenset(read.values_list("person_id", flat=True)),
            frozenset({*acts.values_list("facility_id", flat=True), *read.values_list("facility_id", flat=True)}),
            frozenset(Person.objects.exclude(id__in=known).values_list("residence_id", flat=True)),
        )
        transaction.set_rollback(True)
    client.cookies = signed_in
    return answer


def text_of(response: HttpResponse) -> str:
    """All that can be read in what came back; a spreadsheet is unpacked."""
    content = b"".join(response) if response.streaming else response.content
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as packed:
            content = b"".join(packed.read(name) for name in sorted(packed.namelist()) if "docProps" not in name)
    return content.decode(errors="replace")


def is_shut(response: HttpResponse) -> bool:
    """Say whether the door is shut: told to sign in, or refused. A page that opens may still know no such thing."""
    if response.status_code == 302:
        return response["Location"].startswith("/dang-nhap/?next=")
    if response.status_code == 403 and response["Content-Type"].startswith("application/json"):
        return json.loads(response.content)["code"] == "not_allowed"  # else a check behind the door refused
    return response.status_code in REFUSED


def found_by(client: Client, pages: Iterable[str], method: str) -> tuple[set[str], set[str]]:
    """Ask for every page: which are shut, and which break."""
    shut, broken = set(), set()
    for page in pages:
        response = ask(client, method, address(page))
        if is_shut(response):
            shut.add(page)
        if response.status_code >= 500 and not response.get("Retry-After"):
            broken.add(page)
    return shut, broken


def _walk(resolver: URLResolver, names: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inner = (*names, one.namespace) if one.namespace else names
            for name, given in _walk(one, inner):
                yield name, {**_examples(one), **given}
        else:
            assert one.name, f"an address without a name: {one.pattern}"
            yield ":".join((*names, one.name)), _examples(one)


def _examples(one: URLPattern | URLResolver) -> dict[str, Any]:
    kinds = {converter.__class__: kind for kind, converter in get_converters().items()}
    return {name: EXAMPLES[kinds[converter.__class__]] for name, converter in one.pattern.converters.items()}
