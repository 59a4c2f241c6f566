from django.apps import AppConfig


class HealthbookConfig(AppConfig):
    name = "tiemchung.healthbook"
    label = "healthbook"
