"""The addresses of the site's door."""

from django.urls import URLPattern

app_name = "clinic"
urlpatterns: list[URLPattern] = []
