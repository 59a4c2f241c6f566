from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tiemchung.accounts"
    label = "accounts"
