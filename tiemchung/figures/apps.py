from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "tiemchung.figures"
    label = "figures"
