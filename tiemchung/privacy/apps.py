from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "tiemchung.privacy"
    label = "privacy"
