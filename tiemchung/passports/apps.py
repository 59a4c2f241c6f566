from django.apps import AppConfig


class PassportsConfig(AppConfig):
    name = "tiemchung.passports"
    label = "passports"
