"""The look alone at its address, so that its tests need no other door."""

from django.urls import include, path

urlpatterns = [path("look/", include("tiemchung.look.urls"))]
