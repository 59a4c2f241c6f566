"""To which moment, and has a restore to the last one come as far as the journal had been received?"""

from datetime import UTC, datetime, timedelta

import pytest

from tiemchung.ground.backups.recovery import read_moment, short_of
from tiemchung.ground.errors import RefusedError

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


@pytest.mark.parametrize("text", ["hôm qua", "2021-09-16T08:00:00", "2021-13-01T00:00:00Z", ""])
def test_a_moment_without_a_time_zone_is_no_moment(text: str) -> None:
    with pytest.raises(RefusedError) as refused:
        read_moment(text, datetime.now(UTC))
    assert (refused.value.code, refused.value.field) == ("RESTORE_MOMENT", "to")


def test_a_moment_is_the_same_second_in_every_zone() -> None:
    now = datetime(2021, 9, 16, 2, tzinfo=UTC)
    assert read_moment("2021-09-16T08:00:00+07:00", now) == datetime(2021, 9, 16, 1, tzinfo=UTC)
    assert read_moment("latest", now) is None
    with pytest.raises(RefusedError, match="yet to come"):
        read_moment("2021-09-16T02:00:01Z", now)
