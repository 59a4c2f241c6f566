from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "tiemchung.campaigns"
    label = "campaigns"
