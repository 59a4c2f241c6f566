"""Which address opens which door?"""

from django.urls import include, path

urlpatterns = [
    path("api/", include("tiemchung.api.urls")),  # first, as devices call it more often than people open pages
    path("", include("tiemchung.portal.urls")),
    path("so/", include("tiemchung.healthbook.urls")),
    path("diem-tiem/", include("tiemchung.clinic.urls")),
    path("van-phong/", include("tiemchung.office.urls")),
    path("look/", include("tiemchung.look.urls")),
]
