"""Photos of complaints have hundreds of kilobytes each: keys are counted and values opened without heaping them up."""

import json
import os
from typing import Any

import pytest
from django.db.models import QuerySet

from tests.station import Station
from tiemchung.complaints import photos
from tiemchung.complaints.models import Complaint, ComplaintPhoto
from tiemchung.ground import clock
from tiemchung.privacy import data_keys
from tiemchung.privacy.data_keys import Column

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("practice")]
PHOTO = 400_000  # bytes
PAGE = 8192  # bytes in a page of PostgreSQL


@pytest.fixture
def column(station: Station) -> Column:
    """Where three photos are kept."""
    person = station.person()
    complaint = Complaint.objects.create(
        person=person, account=station.head, kind="dose_missing", facility=station.facility, sent_at=clock.now()
    )
    for place in range(3):
        kept = photos.sealed(os.urandom(PHOTO))
        ComplaintPhoto.objects.create(complaint=complaint, position=place, content=kept)
    return next(one for one in data_keys.columns() if one.model is ComplaintPhoto)


def test_counting_keys_reads_the_head_of_a_photo_alone(column: Column) -> None:
    assert column.by_key() == {1: 3}
    said = column._numbered().values("under").explain(analyze=True, buffers=True, format="json")
    plan = json.loads(said)[0]["Plan"]
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < PHOTO // PAGE


def test_photos_are_opened_a_few_at_a_time(column: Column, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch, at_once = QuerySet.iterator, []

    def seen(rows: Any, chunk_size: int) -> Any:
        at_once.append(chunk_size)
        return fetch(rows, chunk_size)

    monkeypatch.setattr(QuerySet, "iterator", seen)
    assert list(column.broken()) == []
    assert [rows * PHOTO < 2**24 for rows in at_once] == [True]


def test_a_photo_that_was_changed_is_named_among_them(column: Column) -> None:
    kept = bytearray(photos.sealed(os.urandom(PHOTO)))
    kept[99] ^= 1
    changed = ComplaintPhoto.objects.create(complaint=Complaint.objects.get(), position=3, content=bytes(kept))
    assert list(column.broken()) == [f"complaints_complaintphoto.content {changed.id}"]
