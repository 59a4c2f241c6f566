"""Has a restore to the last moment come as far as the journal had been received?"""

from datetime import UTC, datetime, timedelta

import pytest

from tiemchung.ground.backups.recovery import short_of

ENDED = datetime(2021, 9, 16, 1, tzinfo=UTC)  # of the base backup
MARK = ENDED + timedelta(hours=1)


@pytest.mark.parametrize(
    ("until", "last", "short"),
    [
        (None, None, None),  # the journal was never followed
        (ENDED, None, None),
        (MARK, "2021-09-16 02:00:00+00", None),
        (MARK, "2021-09-16 02:00:00.000213+00", None),
        (MARK, "2021-09-16 09:00:01+07", None),
        (MARK, "2021-09-16 01:59:59.9+00", "2021-09-16T02:00:00+00:00"),
        (MARK, None, "2021-09-16T02:00:00+00:00"),
    ],
)
def test_what_was_replayed_ends_before_the_last_mark_or_not(
    until: datetime | None, last: str | None, short: str | None
) -> None:
    assert short_of(until, ENDED, last) == short
