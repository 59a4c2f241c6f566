"""What does an event say? Its content, read field by field; what cannot be read is refused by the field's name."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tiemchung.ground.errors import InvalidInputError

FURTHEST_OFFSET = timedelta(hours=14)  # of any land's clock from UTC; PostgreSQL takes less than 16


class Content:
    """The content of one event. Every reader raises InvalidInputError on the field `content.<name>`."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.fields = fields

    def uuid(self, name: str) -> UUID:
        return read_uuid(self.fields.get(name), f"content.{name}")

    def uuid_or_none(self, name: str) -> UUID | None:
        return None if self.fields.get(name) is None else self.uuid(name)

    def text(self, name: str, longest: int, default: str | None = None) -> str:
        """A text of at most so many characters; without a default it must be there."""
        value = self.fields.get(name, default)
        if not isinstance(value, str) or len(value) > longest:
            raise unreadable(f"content.{name}")
        return value

    def one_of(self, name: str, words: Collection[str], default: str | None = None) -> str:
        value = self.fields.get(name, default)
        if not isinstance(value, str) or value not in words:
            raise unreadable(f"content.{name}")
        return value

    def moment(self, name: str, default: datetime) -> datetime:
        value = self.fields.get(name)
        return default if value is None else read_moment(value, f"content.{name}")

    def number_or_none(self, name: str, highest: int) -> int | None:
        value = self.fields.get(name)
        return None if value is None else self.number(name, highest)

    def number(self, name: str, highest: int) -> int:
        """A whole number from 0 to `highest`."""
        value = self.fields.get(name)
        if type(value) is not int or not 0 <= value <= highest:
            raise unreadable(f"content.{name}")
        return value

    def words(self, name: str) -> dict[str, str]:
        """Answers by their codes."""
        value = self.fields.get(name)
        if not isinstance(value, dict) or not all(isinstance(answer, str) for answer in value.values()):
            raise unreadable(f"content.{name}")
        return dict(value)

    def part(self, name: str) -> "Content":
        """An object within the content."""
        value = self.fields.get(name)
        if not isinstance(value, dict):
            raise unreadable(f"content.{name}")
        return Content(value)


def read_uuid(value: object, field: str) -> UUID:
    """Read an id. Raises InvalidInputError on the field."""
    try:
        return UUID(value) if isinstance(value, str) else _refuse(field)
    except ValueError:
        raise unreadable(field) from None


def read_moment(value: object, field: str) -> datetime:
    """Read a moment in ISO 8601 with its offset from UTC. Raises InvalidInputError on the field."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else _refuse(field)
    except ValueError:
        raise unreadable(field) from None
    offset = moment.utcoffset()
    fits = offset is not None and abs(offset) <= FURTHEST_OFFSET and 2000 <= moment.year <= 2200
    return moment if fits else _refuse(field)


def unreadable(field: str) -> InvalidInputError:
    return InvalidInputError(
        "event_unreadable",
        field=field,
        vi=f"Chưa đọc được mục «{field}» của sự kiện. Máy chủ đã giữ lại; cập nhật ứng dụng trên máy này.",
        en=f"The event's “{field}” cannot be read. The server has kept it; update the app on this device.",
    )


def _refuse(field: str) -> Any:
    raise unreadable(field)
