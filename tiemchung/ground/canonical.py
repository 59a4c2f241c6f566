"""How are facts written so that the same facts give the same bytes?"""

import json
from typing import Any


def canonical(content: dict[str, Any]) -> bytes:
    """JSON with sorted keys, no white space, UTF-8."""
    return _WRITER.encode(content).encode()


_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
