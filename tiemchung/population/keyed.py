"""A hash that only the population side can make: a handle or a digest must not be guessable from a number."""

import hashlib
import hmac
import json

from django.conf import settings


def keyed(*parts: str) -> str:
    """64 hex digits that stand for these words."""
    message = json.dumps(parts, ensure_ascii=False).encode()
    return hmac.new(settings.POPULATION_KEY.encode(), message, hashlib.sha256).hexdigest()
