"""Columns whose values are encrypted: text or JSON in Python, bytes in the database (see `encryption`).

They cannot be searched; what must be found has a column of its own with its `encryption.look_up`.
"""

import json
from abc import ABC, abstractmethod
from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from tiemchung.ground import encryption

_SHORT = json.JSONEncoder(separators=(",", ":"))  # kept: `dumps` makes one for every value


class EncryptedField(models.Field, ABC):  # type: ignore[type-arg]
    """The common part: `purpose` is bound into each value and must never change."""

    def __init__(self, *args: Any, purpose: str, **options: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **options)

    def get_internal_type(self) -> str:
        return "BinaryField"

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"purpose": self.purpose}

    def get_prep_value(self, value: Any) -> bytes | None:
        """What is written: also for COPY and for SQL of one's own."""
        return None if value is None else encryption.encrypt(self.as_bytes(value), purpose=self.purpose)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return None if value is None else self.opened(bytes(value))

    def opened(self, kept: bytes) -> Any:
        """The value of what SQL of one's own has read. Raises UnreadableValueError."""
        return self.of_bytes(encryption.decrypt(kept, purpose=self.purpose))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and cannot be searched: ask its look-up column")
        return super().get_lookup(lookup_name)

    @abstractmethod
    def as_bytes(self, value: Any) -> bytes:
        """What of a value is encrypted."""

    @abstractmethod
    def of_bytes(self, plain: bytes) -> Any:
        """The value again."""


class EncryptedTextField(EncryptedField):
    """A text."""

    def as_bytes(self, value: str) -> bytes:
        return value.encode()

    def of_bytes(self, plain: bytes) -> str:
        return plain.decode()


class EncryptedJSONField(EncryptedField):
    """Anything that JSON can say; lone surrogates and U+0000 too, as they are written escaped."""

    def as_bytes(self, value: Any) -> bytes:
        return _SHORT.encode(value).encode()

    def of_bytes(self, plain: bytes) -> Any:
        return json.loads(plain)
