"""Is every content that was kept word for word still the one that its digest, which is sealed, was made of?"""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL

from tiemchung.ground import encryption
from tiemchung.ground.canonical import canonical
from tiemchung.people.models import PersonStatement
from tiemchung.visits.models import QuarantinedEvent, SiteEvent

AT_ONCE = 2000


def kept() -> frozenset[Any]:
    """The models with a content that was kept word for word."""
    return frozenset(_TEXTS)


def altered() -> list[str]:
    """The rows whose content does not open or is not that of its digest: `table id` of each.

    Under a key that is not at hand nobody can say so: `data_keys.status` counts these.
    """
    found: list[str] = []
    for model, text in _TEXTS.items():
        for row in model._default_manager.filter(content__isnull=False).defer("content").iterator(AT_ONCE):
            if _is_altered(row, text):
                found.append(f"{model._meta.db_table} {row.pk}")
    return found


def digests_by_key() -> dict[str, dict[int, int]]:
    """Of each column of digests: under which key how many stand."""
    return {f"{model._meta.db_table}.digest": _digests_of(model) for model in _TEXTS}


def sealed_as_they_are() -> set[tuple[str, str]]:
    """Columns of tables that only grow, but those whose content may go: table and column."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT attribute.attrelid::regclass::text, attribute.attname FROM pg_attribute attribute
               JOIN pg_trigger guard ON guard.tgrelid = attribute.attrelid AND guard.tgname LIKE '%_append_only'
               WHERE attribute.attnum > 0
                 AND split_part(encode(guard.tgargs, 'escape'), '\\000', 1) <> attribute.attname"""
        )
        return set(cursor.fetchall())


def _is_altered(row: Any, text: Callable[[Any], str]) -> bool:
    try:
        return encryption.is_other(row.digest, encryption.digests(text(row.content)))
    except encryption.MissingKeyError:
        return False
    except encryption.UnreadableValueError:
        return True


def _digests_of(model: Any) -> dict[int, int]:
    number = RawSQL("split_part(digest, '.', 1)::integer", [])
    counted = model._default_manager.annotate(under=number).values_list("under").annotate(models.Count("pk"))
    return dict(counted.order_by("under"))


def _statement(content: Any) -> str:
    return json.dumps(content, sort_keys=True)


def _event(content: Any) -> str:
    """As visits.events made the digest: of the canonical text, or of the text as sent where there is none."""
    if set(content) == {"as_json_text"}:
        return str(content["as_json_text"])
    return canonical(content["sent"] if set(content) == {"sent"} else content).decode()


_TEXTS: dict[Any, Callable[[Any], str]] = {PersonStatement: _statement, SiteEvent: _event, QuarantinedEvent: _event}
