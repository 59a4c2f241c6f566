from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "tiemchung.complaints"
    label = "complaints"
