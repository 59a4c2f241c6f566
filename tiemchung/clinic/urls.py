"""The addresses of the site's door."""

from django.urls import path

from tiemchung.clinic import identity, late_lists, observing, scanning, sessions, visiting, waiting
from tiemchung.clinic.pages import View, guarded

app_name = "clinic"
_PAGES: list[tuple[str, View, str]] = [
    ("", sessions.today, "sessions"),
    ("quet/", scanning.scan, "scan"),
    ("nguoi/moi/", scanning.walk_in, "walk-in"),
    ("nguoi/<slug:way>/<uuid:person_id>/", scanning.person, "person"),
    ("nguoi/<uuid:person_id>/doi-chieu/", identity.check, "identity"),
    ("nguoi/<uuid:person_id>/sua/", identity.correct, "correct"),
    ("luot/<uuid:visit_id>/", visiting.visit, "visit"),
    ("luot/<uuid:visit_id>/kham/", visiting.screening, "screening"),
    ("luot/<uuid:visit_id>/goi-y/", visiting.proposal, "proposal"),
    ("luot/<uuid:visit_id>/hen-lai/", visiting.not_today, "not-today"),
    ("luot/<uuid:visit_id>/tiem/", visiting.injection, "injection"),
    ("luot/<uuid:visit_id>/cho-ve/", observing.let_go, "let-go"),
    ("luot/<uuid:visit_id>/ket-thuc/", observing.end, "end"),
    ("theo-doi/", observing.board, "board"),
    ("theo-doi/o/", observing.tiles, "tiles"),
    ("so-mui/", sessions.tally, "tally"),
    ("nhap-sau/", sessions.late_entry, "late-entry"),
    ("nhap-sau/danh-sach/", late_lists.page, "late-list"),
    ("nhap-sau/<uuid:dose_id>/", sessions.late_done, "late-done"),
    ("kho/", sessions.vaccine, "vaccine"),
    ("cho-xu-ly/", waiting.quarantined, "quarantine"),
    ("cho-xu-ly/<uuid:quarantined_id>/", waiting.retry, "retry"),
]
urlpatterns = [path(route, guarded(view), name=name) for route, view, name in _PAGES]
