from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "tiemchung.visits"
    label = "visits"
