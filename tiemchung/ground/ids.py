"""Where do ids come from? Whoever makes a thing, device or server, makes its id: a UUID of version 7 (RFC 9562)."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """Make an id that sorts by time of making and needs nobody's leave."""
    return uuid7()
