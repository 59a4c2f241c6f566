"""What does every page know? Whether the installation is for practice (docs/adr/0008)."""

from django.conf import settings
from django.http import HttpRequest


def practice(request: HttpRequest) -> dict[str, bool]:
    """Let templates mark a practice page."""
    del request
    return {"practice": settings.PRACTICE}
