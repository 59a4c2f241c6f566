"""Signing a site's doses: look at what is odd, see the whole batch, sign it once."""

from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.accounts.scope import own_facility
from tiemchung.doses import actions as doses
from tiemchung.doses import arrivals
from tiemchung.doses.models import DoseFinding
from tiemchung.ground import audit, clock, sql
from tiemchung.ground.errors import ConflictError, RefusedError
from tiemchung.ground.ids import new_id
from tiemchung.look.words import said, vietnamese
from tiemchung.passports import actions, proof, waiting
from tiemchung.passports.models import Attestation, AttestedDose
from tiemchung.passports.policy import MAX_BATCH
from tiemchung.people import merges
from tiemchung.places.models import Facility

SHOWN = 200  # findings on one page
LONGEST_CODE = 1000  # signs; no personal code has as many
queries = sql.load(__package__)


@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """First what is odd, group by group; what is not odd is only counted."""
    facility = own_facility(_account(request))
    odd = sql.fetch_all(queries["to_review"], {"facility": facility, "limit": SHOWN})
    _note_reads(odd, facility, _account(request))
    text = "vi" if vietnamese() else "en"
    groups = [(words, list(rows)) for words, rows in groupby(odd, key=lambda row: row[text])]
    return render(
        request, "office/attest.html", {"groups": groups, "odd": count_of_doses(odd), **_batch(facility, clock.now())}
    )


@require_POST
def resolve(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Say that a dose stands as it was recorded; the finding no longer bars it.

    Whom a device named by an id alone the head confirms by his code or number, which is a look that is counted.
    """
    try:
        if text := request.POST.get("text", "").strip()[:LONGEST_CODE]:
            _read(text, finding_id, _account(request))
        doses.resolve(finding_id=finding_id, resolution="stands", by=_account(request))
    except RefusedError as error:
        messages.error(request, said(error))
    return redirect("office:attest")


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest) -> HttpResponse:
    """See the whole batch; on POST sign what was seen and nothing that came since."""
    facility = get_object_or_404(Facility, pk=own_facility(_account(request)))
    return _sign_page(request, facility, "office:attest")


def _sign_page(request: HttpRequest, facility: Facility, back: str) -> HttpResponse:
    if request.method == "GET":
        now = clock.now()
        seen = {"seen_at": now.isoformat(), "attestation_id": new_id(), "facility": facility, "back": back}
        return render(request, "office/attest_sign.html", {**seen, **_batch(facility.id, now)})
    try:
        attestation = _sign(request, _account(request), facility.id)
    except RefusedError as error:
        messages.error(request, said(error))
        return redirect(back)
    count = attestation.leaves
    messages.success(request, ngettext("Đã ký %(count)s mũi.", "Đã ký %(count)s mũi.", count) % {"count": count})
    return redirect("office:attestation", attestation_id=attestation.id)


@require_GET
def sites(request: HttpRequest) -> HttpResponse:
    """The sites of the province with doses that nobody has signed, most first."""
    waiting_sites = waiting.for_attestation(within=_account(request))
    return render(request, "office/attest_sites.html", {"sites": waiting_sites})


@require_http_methods(["GET", "POST"])
def sign_site(request: HttpRequest, facility_id: UUID) -> HttpResponse:
    """The province signs in the stead of one of its sites: what was seen and nothing that came since."""
    facility = get_object_or_404(scope.facilities(_account(request)), pk=facility_id)
    return _sign_page(request, facility, "office:attest-sites")


@require_GET
def done(request: HttpRequest, attestation_id: UUID) -> HttpResponse:
    """What was signed, by which key, under which root."""
    reach = scope.facilities(_account(request))
    ours = Attestation.objects.filter(facility__in=reach).select_related("facility")
    attestation = get_object_or_404(ours, pk=attestation_id)
    first = attestation.doses.select_related("dose", "attestation").order_by("position").first()
    holds = first is not None and proof.is_proven(proof.of_dose(first))
    return render(request, "office/attestation.html", {"attestation": attestation, "holds": holds})


def _sign(request: HttpRequest, account: Account, facility: UUID) -> Attestation:
    """Sign the doses that the page showed. Raises ConflictError when some are no longer there to be signed."""
    ids = [row["id"] for row in _ids(facility, _moment(request.POST.get("seen_at", "")))]
    made_id = _id(request.POST.get("attestation_id", ""))
    if made_id and (earlier := Attestation.objects.filter(pk=made_id, facility=facility).first()):
        return earlier
    _check_all_there(len(ids), request.POST.get("shown", ""))
    try:
        return actions.attest(facility_id=facility, dose_ids=ids, by=account.id, attestation_id=made_id)
    except RefusedError:
        # Between our look and the lock of the doses a colleague may have signed: that is then the reason.
        _check_all_there(len(ids) - AttestedDose.objects.filter(dose_id__in=ids).count(), str(len(ids)))
        raise


def _check_all_there(left: int, shown: str) -> None:
    """Refuse to sign less than was seen without a word. Raises ConflictError."""
    gone = int(shown) - left if shown.isdecimal() and len(shown) <= len(str(MAX_BATCH)) else 0
    if gone > 0:
        raise ConflictError(
            "batch_changed",
            field="dose_ids",
            vi=f"{gone} mũi trong lô vừa được người khác ký hoặc sửa. Xem lại lô rồi ký phần còn lại.",
            en=f"{gone} doses of the batch were just signed or corrected by somebody else. Look again, sign the rest.",
        )


def count_of_doses(odd: list[dict[str, Any]]) -> int:
    """How many doses these findings are about: one dose may have several."""
    return len({row["dose_id"] for row in odd})


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _read(text: str, finding_id: UUID, account: Account) -> None:
    """Read the code or number of whom a finding of our facility is about. Raises ConflictError for another's."""
    finding = get_object_or_404(DoseFinding, pk=finding_id, facility=own_facility(account))
    read = arrivals.scan(text, by=account).person
    if finding.person_id not in merges.records_of(read.id):
        raise ConflictError(
            "other_person",
            field="text",
            vi="Mã hoặc số này của người khác. Xem lại người đã tiêm; nếu ghi nhầm người thì sửa hoặc hủy mũi này.",
            en="This code or number is another person's. Check who came; correct or void a dose of the wrong person.",
        )


def _moment(text: str) -> datetime:
    """When the page that is signed was made; a page without a time signs nothing that came after now."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    return moment if moment and moment.tzinfo else clock.now()


def _id(text: str) -> UUID | None:
    """The id that the page made, by which a second press is known; a page without one may do without."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _note_reads(odd: list[dict[str, Any]], facility: UUID, account: Account) -> None:
    """Names are shown: the persons may see who looked."""
    persons = {row["person_id"] for row in odd if not row["unread"]}
    audit.read_many(person_ids=persons, by=account.id, reason="review_before_signing", facility_id=facility)


def _ids(facility: UUID, until: datetime) -> list[dict[str, Any]]:
    return sql.fetch_all(queries["batch_ids"], {"facility": facility, "until": until, "limit": MAX_BATCH})


def _batch(facility: UUID, until: datetime) -> dict[str, Any]:
    rows = sql.fetch_all(queries["batch"], {"facility": facility, "until": until})
    unsigned = sum(row["doses"] for row in rows)
    if not rows:
        return {"batch": rows, "total": 0, "waiting": 0, "balance": None}
    days = {
        "first": min(clock.local(row["first"]).date() for row in rows),
        "last": max(clock.local(row["last"]).date() for row in rows),
    }
    balance = sql.fetch_one(queries["balance"], {"facility": facility, **days})
    return {"batch": rows, "total": min(unsigned, MAX_BATCH), "waiting": unsigned, "balance": balance, **days}
