from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "tiemchung.clinic"
    label = "clinic"
