from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tiemchung.accounts"
    label = "accounts"

    def import_models(self) -> None:
        """The tables of signing in and of programs of others stand in files of their own."""
        super().import_models()
        import_module("tiemchung.accounts.models_sign_in")
        import_module("tiemchung.accounts.models_access")
