"""The public door's addresses."""

from django.urls import path

from tiemchung.portal import (
    activation,
    factor,
    figures,
    own_account,
    seals,
    sign_in,
    sign_in_phone,
    sign_on,
    verifier,
    views,
)

app_name = "portal"
urlpatterns = [
    path("", views.start, name="start"),
    path("tro-giup/", views.help_page, name="help"),
    path("so-lieu/", figures.page, name="figures"),
    path("so-lieu/tinh.csv", figures.table, name="figures-csv"),
    path("kiem-tra/", verifier.check, name="check"),
    path("trustList", verifier.trust_list, name="trust-list"),
    path("trustList/DSC/<str:country>", verifier.trust_list, name="trust-list-country"),
    path("dang-nhap/", sign_in.sign_in, name="sign-in"),
    path("dang-nhap/ma/", factor.code, name="sign-in-code"),
    path("dang-nhap/ma-du-phong/", factor.recovery_code, name="sign-in-recovery-code"),
    path("dang-nhap/cai-ma/", factor.sign_in_set_up, name="sign-in-set-up"),
    path("kich-hoat/", activation.page, name="activate"),
    path("dang-nhap/tin-nhan/", sign_in_phone.phone, name="sign-in-phone"),
    path("dang-nhap/tin-nhan/ma/", sign_in_phone.code, name="sign-in-phone-code"),
    path("dang-nhap/tin-nhan/gui-lai/", sign_in_phone.send_again, name="sign-in-phone-again"),
    path("dang-nhap/mot-cua/", sign_on.begin, name="sign-on"),
    path("dang-nhap/mot-cua/ve/", sign_on.back, name="sign-on-back"),
    path("dang-xuat/", sign_in.SignOut.as_view(), name="sign-out"),
    path("cua-toi/", sign_in.home, name="home"),
    path("tai-khoan/", own_account.page, name="account"),
    path("tai-khoan/dang-xuat/", own_account.end_others, name="account-end-others"),
    path("tai-khoan/dang-xuat/<uuid:sign_in_id>/", own_account.end_one, name="account-end-one"),
    path("tai-khoan/mat-khau/", own_account.password, name="account-password"),
    path("tai-khoan/ma-hai-lop/", own_account.factor, name="account-factor"),
    path("tai-khoan/ma-du-phong/", own_account.recovery_codes, name="account-recovery-codes"),
    path("niem-phong/", seals.page, name="seals"),
    path("niem-phong/niem-phong.jsonl", seals.lines, name="seals-lines"),
    path("tin-nhan/", views.outbox, name="outbox"),
    path("song/", views.alive, name="alive"),
    path("san-sang/", views.ready, name="ready"),
]
