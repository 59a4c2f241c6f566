from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "tiemchung.oversight"
    label = "oversight"
