"""The public door's addresses."""

from django.urls import path

from tiemchung.portal import figures, sign_in, verifier, views

app_name = "portal"
urlpatterns = [
    path("", views.start, name="start"),
    path("tro-giup/", views.help_page, name="help"),
    path("so-lieu/", figures.page, name="figures"),
    path("so-lieu/tinh.csv", figures.table, name="figures-csv"),
    path("kiem-tra/", verifier.check, name="check"),
    path("trustList", verifier.trust_list, name="trust-list"),
    path("trustList/DSC/<str:country>", verifier.trust_list, name="trust-list-country"),
    path("dang-nhap/", sign_in.SignIn.as_view(), name="sign-in"),
    path("dang-xuat/", sign_in.SignOut.as_view(), name="sign-out"),
    path("cua-toi/", sign_in.home, name="home"),
    path("tin-nhan/", views.outbox, name="outbox"),
    path("song/", views.alive, name="alive"),
]
