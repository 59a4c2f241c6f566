"""Addresses of the look: preferences and the gallery of components."""

from django.urls import path

from tiemchung.look import views

app_name = "look"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("ngon-ngu", views.language, name="language"),
    path("nen", views.theme, name="theme"),
]
