"""What does a process load before it answers its first caller? All pages, and the data that acts are judged by.

The pages' code and the rules of dosing take seconds of processor; read by the first request, they would keep everybody
who comes at that moment waiting, several threads each reading them again.
"""

from collections.abc import Callable

from django.apps import apps
from django.urls import get_resolver


def warm() -> None:
    """Load every page's code, and let every room load its data: those whose app configuration has a method `warm`."""
    len(get_resolver().url_patterns)  # reading them loads them
    for config in apps.get_app_configs():
        loading: Callable[[], None] | None = getattr(config, "warm", None)
        if loading:
            loading()
