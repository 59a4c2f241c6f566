from django.apps import AppConfig


class PopulationConfig(AppConfig):
    name = "tiemchung.population"
    label = "population"
