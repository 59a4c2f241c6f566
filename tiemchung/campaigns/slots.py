"""At what hour is an invited person to come? Hourly slots, so that few wait at once (the distance of 5K)."""

from datetime import date, datetime, time, timedelta

from tiemchung.campaigns.models import Session
from tiemchung.ground.clock import VIETNAM

LENGTH = timedelta(hours=1)
# Hours of a working day at commune stations: common practice, no text read.
_HOURS = {Session.Part.MORNING: (7, 8, 9, 10), Session.Part.AFTERNOON: (13, 14, 15, 16)}


def slot_of(place: int, capacity: int, on: date, part: str) -> datetime:
    """Give the start of the slot of who is invited as number `place` (0 is the first) of `capacity` people."""
    hours = _HOURS[Session.Part(part)]
    hour = hours[min(place * len(hours) // capacity, len(hours) - 1)]
    return datetime.combine(on, time(hour), tzinfo=VIETNAM)
