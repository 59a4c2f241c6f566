"""The addresses of the office."""

from django.urls import path

from tiemchung.office import (
    attesting,
    cleaning,
    cleaning_many,
    correcting,
    funnel,
    holding,
    signing,
    staff,
    staff_import,
    views,
)

app_name = "office"
urlpatterns = [
    path("", views.home, name="home"),
    path("ky-du-lieu/", attesting.review, name="attest"),
    path("ky-du-lieu/diem-can-xem/<uuid:finding_id>", attesting.resolve, name="resolve"),
    path("ky-du-lieu/ky", attesting.sign, name="attest-sign"),
    path("ky-du-lieu/lo/<uuid:attestation_id>", attesting.done, name="attestation"),
    path("ky-du-lieu/tim-mui/", correcting.find, name="doses"),
    path("ky-du-lieu/mui/<uuid:dose_id>/", correcting.dose, name="dose"),
    path("ky-du-lieu/mui/<uuid:dose_id>/huy", correcting.void, name="dose-void"),
    path("buoi-tiem/", holding.sessions, name="sessions"),
    path("buoi-tiem/<uuid:session_id>/moi", holding.invite, name="invite"),
    path("tai-khoan/", staff.search, name="staff"),
    path("tai-khoan/mo", staff.open_one, name="staff-open"),
    path("tai-khoan/danh-sach", staff_import.page, name="staff-import"),
    path("tai-khoan/danh-sach/mau.csv", staff_import.sample, name="staff-sample"),
    path("tai-khoan/<uuid:account_id>/", staff.member, name="staff-member"),
    path("tai-khoan/<uuid:account_id>/ma-moi", staff.new_code, name="staff-new-code"),
    path("tai-khoan/<uuid:account_id>/khoa", staff.suspend, name="staff-suspend"),
    path("tai-khoan/<uuid:account_id>/mo-lai", staff.resume, name="staff-resume"),
    path("tai-khoan/<uuid:account_id>/nghi", staff.leave, name="staff-leave"),
    path("tai-khoan/<uuid:account_id>/dong", staff.close, name="staff-close"),
    path("ho-chieu/", signing.waiting, name="passports"),
    path("ho-chieu/ky", signing.issue, name="passports-issue"),
    path("lam-sach/", cleaning.tasks, name="cleaning"),
    path("lam-sach/buoc", cleaning.step, name="cleaning-step"),
    path("lam-sach/viec/<uuid:task_id>/", cleaning.task, name="cleaning-task"),
    path("lam-sach/cung-loi/", cleaning_many.groups, name="cleaning-groups"),
    path("lam-sach/cung-loi/<uuid:facility_id>/<slug:field>/<slug:kind>/", cleaning_many.group, name="cleaning-group"),
    path("lam-sach/in/", cleaning_many.printed, name="cleaning-print"),
    path("lam-sach/bang", cleaning_many.sheet, name="cleaning-sheet"),
    path("lam-sach/bang/nhap", cleaning_many.sheet_in, name="cleaning-sheet-in"),
    path("lam-sach/xep-hang/", cleaning_many.league, name="cleaning-league"),
    path("xac-thuc/", funnel.table, name="funnel"),
    path("xac-thuc/nguoi/", funnel.people, name="funnel-people"),
]
