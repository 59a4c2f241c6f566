from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "tiemchung.identity"
    label = "identity"
