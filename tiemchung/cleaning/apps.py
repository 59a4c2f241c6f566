from django.apps import AppConfig


class CleaningConfig(AppConfig):
    name = "tiemchung.cleaning"
    label = "cleaning"
