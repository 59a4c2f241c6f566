"""What can be asked of the population side over the wire, and the pages of commune police."""

from django.urls import include, path

from tiemchung.look import views as look
from tiemchung.population import pages, signing_in
from tiemchung.population.views import check, confirmations, notices

_LOOK = [path("ngon-ngu", look.language, name="language"), path("nen", look.theme, name="theme")]
urlpatterns = [
    path("check", check, name="check"),
    path("confirmations", confirmations, name="confirmations"),
    path("notices", notices, name="notices"),
    path("", pages.records, name="records"),
    path("ho-so/<uuid:confirmation_id>/", pages.record, name="record"),
    path("dang-nhap/", signing_in.sign_in, name="sign-in"),
    path("dang-nhap/ma/", signing_in.code, name="code"),
    path("dang-nhap/ma-du-phong/", signing_in.recovery_code, name="recovery-code"),
    path("dang-nhap/cai-ma/", signing_in.set_up, name="set-up"),
    path("dang-xuat/", signing_in.sign_out, name="sign-out"),
    path("look/", include((_LOOK, "look"))),
]
