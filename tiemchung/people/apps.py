from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tiemchung.people"
    label = "people"
