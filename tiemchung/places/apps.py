from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "tiemchung.places"
    label = "places"
