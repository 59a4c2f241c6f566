from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "tiemchung.ground"
    label = "ground"
