from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tiemchung.portal"
    label = "portal"
