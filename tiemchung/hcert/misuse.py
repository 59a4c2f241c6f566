"""What is wrong with a call, said to the programmer who wrote it; what is wrong with a certificate is never said so."""

from datetime import datetime


def need_aware(**times: datetime | None) -> None:
    """Refuse times without a zone. Raises TypeError naming the argument."""
    for name, time in times.items():
        if time is not None and (not isinstance(time, datetime) or time.tzinfo is None):
            raise TypeError(f"{name} must be a datetime with a time zone, such as datetime.now(UTC), not {time!r}.")


def need_unix_seconds(**times: int) -> None:
    """Refuse what is no whole number of seconds since 1970. Raises TypeError naming the argument."""
    for name, time in times.items():
        if type(time) is not int:
            raise TypeError(f"{name} must be Unix seconds, such as int(moment.timestamp()), not {time!r}.")
