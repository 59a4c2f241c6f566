"""The clock: one for the platform, shifted on a practice day, read in Viet Nam."""

from datetime import UTC, date, datetime, timedelta

from pytest_django import Settings

from tiemchung.ground import clock


def test_a_practice_day_shifts_the_clock(settings: Settings) -> None:
    settings.CLOCK_OFFSET = timedelta(days=-400)
    assert abs(clock.now() - (datetime.now(UTC) - timedelta(days=400))) < timedelta(minutes=1)


def test_the_date_is_that_of_viet_nam(settings: Settings) -> None:
    late_evening_in_utc = datetime(2022, 5, 13, 20, 0, tzinfo=UTC)
    settings.CLOCK_OFFSET = late_evening_in_utc - datetime.now(UTC)
    assert clock.today() == date(2022, 5, 14)


def test_a_moment_is_shown_on_viet_nams_clock() -> None:
    assert clock.local(datetime(2022, 5, 14, 1, 50, tzinfo=UTC)).strftime("%H:%M %d/%m/%Y") == "08:50 14/05/2022"
