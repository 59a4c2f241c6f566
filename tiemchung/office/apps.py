from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "tiemchung.office"
    label = "office"
