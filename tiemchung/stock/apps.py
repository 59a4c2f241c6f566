from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "tiemchung.stock"
    label = "stock"
