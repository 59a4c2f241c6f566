"""The look: templates, styles and tags that all doors share. It knows nothing of domains."""

from django.apps import AppConfig


class LookConfig(AppConfig):
    """Registers the templates, the static files and the tags."""

    name = "tiemchung.look"
