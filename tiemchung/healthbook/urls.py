"""The health book's addresses: ids in them, never names or numbers."""

from django.urls import path

from tiemchung.healthbook import (
    adding,
    complaining,
    correcting,
    exporting,
    family,
    holding,
    papers,
    readers,
    sign_up,
)

app_name = "healthbook"
urlpatterns = [
    path("", family.home, name="home"),
    path("mo-so/", sign_up.sign_up, name="sign-up"),
    path("mo-so/ma/", sign_up.code, name="sign-up-code"),
    path("mo-so/gui-lai-ma/", sign_up.send_again, name="sign-up-again"),
    path("lich-hen/", family.calendar, name="calendar"),
    path("ho-chieu/", family.passports, name="passports"),
    path("ai-da-xem/", readers.page, name="readers"),
    path("ai-giu-so/<uuid:holder_id>/ngung/", holding.end, name="end-hold"),
    path("khu-vuc/", adding.areas, name="areas"),
    path("them/", adding.begin, name="add"),
    path("them/<uuid:draft_id>/quet/", adding.scan, name="add-scan"),
    path("them/<uuid:draft_id>/thong-tin/", adding.person, name="add-person"),
    path("them/<uuid:draft_id>/suc-khoe/", adding.health, name="add-health"),
    path("them/<uuid:draft_id>/dong-y/", adding.consent, name="add-consent"),
    path("nguoi/<uuid:person_id>/ma/", papers.code, name="code"),
    path("nguoi/<uuid:person_id>/chung-nhan/", papers.card, name="card"),
    path("nguoi/<uuid:person_id>/ho-chieu/", papers.passport, name="passport"),
    path("nguoi/<uuid:person_id>/tai-du-lieu/", exporting.page, name="export"),
    path("nguoi/<uuid:person_id>/sua/", correcting.page, name="correct"),
    path("nguoi/<uuid:person_id>/doi-chieu/", correcting.check, name="check"),
    path("nguoi/<uuid:person_id>/phan-anh/", complaining.page, name="complaints"),
    path("phan-anh/<uuid:complaint_id>/", complaining.one, name="complaint"),
    path("phan-anh/<uuid:complaint_id>/rut", complaining.withdraw, name="withdraw-complaint"),
    path("nguoi/<uuid:person_id>/dang-ky/", adding.register_held, name="register"),
    path("nguoi/<uuid:person_id>/rut-dang-ky/", family.stop_waiting, name="withdraw"),
]
