"""What this side keeps and must read again is encrypted with a key made of its own secret."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def seal(text: str) -> str:
    """Encrypt a text for the store."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again. Raises InvalidToken for what another key has sealed."""
    return _box().decrypt(sealed.encode()).decode()


def _box() -> Fernet:
    key = hashlib.sha256(b"population.sealed\n" + settings.POPULATION_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
