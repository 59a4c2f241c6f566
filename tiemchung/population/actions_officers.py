"""All writes to officers: opening an account, and each try to sign in."""

from datetime import timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from tiemchung.ground import clock
from tiemchung.population import refusals
from tiemchung.population.acts import note
from tiemchung.population.keyed import keyed
from tiemchung.population.models import Officer, SignInAttempt
from tiemchung.vietnam import areas

FAILURES = 5  # that lock a name
WITHIN = timedelta(minutes=15)
SHORTEST_PASSWORD = 8
COMMUNE_DIGITS = 5


@transaction.atomic
def open_officer(*, username: str, display_name: str, commune_code: str, password: str) -> Officer:
    """Open an officer's account. Raises ConflictError on username, InvalidInputError on commune or password."""
    if len(commune_code) != COMMUNE_DIGITS or areas.area_or_none(commune_code) is None:
        raise refusals.commune_unknown()
    if len(password) < SHORTEST_PASSWORD:
        raise refusals.password_short()
    officer = Officer(
        username=username,
        display_name=display_name,
        commune_code=commune_code,
        password=make_password(password),
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            officer.save(force_insert=True)
    except IntegrityError as error:
        raise refusals.officer_exists() from error
    note("open_officer", officer=None, opened=str(officer.id), commune=commune_code)
    return officer


def sign_in(*, username: str, password: str) -> Officer:
    """Give the officer of that name and password. Raises NotAllowedError when locked out, InvalidInputError.

    An unknown name costs as much time as a wrong password, and reads the same.
    """
    about = keyed("sign-in", username)
    recent = SignInAttempt.objects.filter(about=about, at__gt=clock.now() - WITHIN)
    since = recent.filter(succeeded=True).order_by("-at").values_list("at", flat=True).first()
    failed = recent.filter(succeeded=False, **({"at__gt": since} if since else {})).count()
    if failed >= FAILURES:
        raise refusals.locked_out()
    officer = Officer.objects.filter(username=username, is_active=True).first()
    good = check_password(password, officer.password) if officer else _in_vain(password)
    SignInAttempt.objects.create(about=about, at=clock.now(), succeeded=good)
    if not good or officer is None:
        raise refusals.not_let_in()
    note("sign_in", officer=officer.id)
    return officer


def _in_vain(password: str) -> bool:
    """Take as long as a comparison does."""
    make_password(password)
    return False
