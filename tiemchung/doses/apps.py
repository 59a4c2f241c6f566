from django.apps import AppConfig


class DosesConfig(AppConfig):
    name = "tiemchung.doses"
    label = "doses"
