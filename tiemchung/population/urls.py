"""The one thing that can be asked of the population side."""

from django.urls import path

from tiemchung.population.views import check

urlpatterns = [path("check", check)]
