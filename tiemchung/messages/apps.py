from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "tiemchung.messages"
    label = "outbox"
