"""Sex as identity documents state it."""

from enum import StrEnum


class Sex(StrEnum):
    """Male or female, as on the card; not stated is absence (None)."""

    MALE = "male"
    FEMALE = "female"

    @property
    def vi(self) -> str:
        """The Vietnamese word that cards print."""
        return "Nam" if self is Sex.MALE else "Nữ"

    @property
    def en(self) -> str:
        """The English word."""
        return "male" if self is Sex.MALE else "female"
