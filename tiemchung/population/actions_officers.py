"""All writes to officers: opening an account, their second factors, and each try to sign in."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from tiemchung.ground import clock, recovery_codes, totp
from tiemchung.ground.errors import RefusedError
from tiemchung.population import lock_out, refusals
from tiemchung.population.acts import note
from tiemchung.population.keyed import keyed
from tiemchung.population.models import LONGEST_NAME, LONGEST_USERNAME, Officer, OfficerRecoveryCode
from tiemchung.population.sealed import seal, unseal
from tiemchung.vietnam import areas

SHORTEST_PASSWORD = 8
COMMUNE_DIGITS = 5


@transaction.atomic
def open_officer(*, username: str, display_name: str, commune_code: str, password: str) -> Officer:
    """Open an officer's account. Raises ConflictError on username, InvalidInputError on the field that cannot be."""
    _check_name("username", username, LONGEST_USERNAME)
    _check_name("name", display_name, LONGEST_NAME)
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


def _check_name(field: str, text: str, longest: int) -> None:
    if not (1 <= len(text) <= longest and text.isprintable() and text == text.strip()):
        raise refusals.officer_unreadable(field, longest)


@transaction.atomic
def open_all(*, rows: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Open the accounts of rows (username, name, commune, password), all or none. Gives (username, commune) of each.

    Raises what `open_officer` raises, the row named (2 is the first below the heads).
    """
    opened = []
    for at, row in enumerate(rows, start=2):
        said = {"username": row["username"], "display_name": row["name"]}
        try:
            open_officer(**said, commune_code=row["commune"], password=row["password"])
        except RefusedError as refused:
            raise refusals.in_row(at, refused) from None
        opened.append((row["username"], row["commune"]))
    return opened


def recognise(*, username: str, password: str, network: str) -> Officer:
    """Give the officer of that name and password, who is not in yet. Raises NotAllowedError when locked out,
    InvalidInputError.

    The try is counted before it is made. An unknown name costs as much time as a wrong password, and reads the same.
    """
    taken = lock_out.take(username, network)
    officer = Officer.objects.filter(username=username, is_active=True).first()
    good = check_password(password, officer.password) if officer else _in_vain(password)
    if not good or officer is None:
        raise refusals.not_let_in()
    lock_out.give_back(taken)
    return officer


def take_code(*, officer: Officer, code: str, network: str) -> None:
    """Take a code of the officer's app, each once. Raises NotAllowedError when locked out, InvalidInputError."""
    taken = lock_out.take(officer.username, network)
    if not _is_new_code(officer, code):
        raise totp.wrong()
    lock_out.give_back(taken)


def take_recovery_code(*, officer: Officer, code: str, network: str) -> int:
    """Use up one recovery code; gives how many are left. Raises NotAllowedError when locked out, InvalidInputError."""
    taken = lock_out.take(officer.username, network)
    with transaction.atomic():
        unused = OfficerRecoveryCode.objects.filter(officer=officer, used_at=None)
        if unused.filter(hashed=_hash_of(officer, code)).update(used_at=clock.now()):
            left = unused.count()
            note("use_recovery_code", officer=officer.id, left=left)
            lock_out.give_back(taken)
            return left
    raise refusals.recovery_code_wrong()


def renew_recovery_codes(*, officer: Officer) -> list[str]:
    """Make recovery codes anew and give them, this once; the old ones end."""
    codes = recovery_codes.made()
    with transaction.atomic():
        Officer.objects.select_for_update().get(pk=officer.pk)
        OfficerRecoveryCode.objects.filter(officer=officer).delete()
        OfficerRecoveryCode.objects.bulk_create(
            OfficerRecoveryCode(officer=officer, hashed=_hash_of(officer, each)) for each in codes
        )
        note("renew_recovery_codes", officer=officer.id)
    return codes


def _hash_of(officer: Officer, code: str) -> str:
    return keyed("recovery-code", str(officer.id), recovery_codes.plain(code))


def set_factor(*, officer: Officer, secret: bytes, code: str, network: str, anew: bool = False) -> list[str]:
    """Let the officer have this second factor from now on, as its code shows; gives his recovery codes, this once.

    `anew`: in the place of the one he has, whose phone is lost. Raises as `take_code`, and ConflictError where he has
    one and it is not to be replaced: then another browser was faster.
    """
    taken = lock_out.take(officer.username, network)
    step = totp.step_of(secret, code.strip(), after=-1)
    if step is None:
        raise totp.wrong()
    lock_out.give_back(taken)
    with transaction.atomic():
        kept = {"factor": seal(totp.kept(secret)), "factor_step": step}
        mine = Officer.objects.filter(pk=officer.pk) if anew else Officer.objects.filter(pk=officer.pk, factor="")
        if not mine.update(**kept):
            raise refusals.factor_is_set()
        note("set_factor", officer=officer.id)
        return renew_recovery_codes(officer=officer)


@transaction.atomic
def _is_new_code(officer: Officer, code: str) -> bool:
    known = Officer.objects.select_for_update().get(pk=officer.pk)
    step = totp.step_of(totp.read(unseal(known.factor)), code.strip(), after=known.factor_step)
    if step is not None:
        Officer.objects.filter(pk=officer.pk).update(factor_step=step)
    return step is not None


def let_in(*, officer: Officer, network: str) -> None:
    """Write down that the officer is in."""
    lock_out.note_success(officer.username, network)
    note("sign_in", officer=officer.id)


@transaction.atomic
def reset_factor(*, username: str) -> None:
    """Take the second factor from who lost his phone; he sets up another when he signs in. Raises NotFoundError."""
    officer = Officer.objects.select_for_update().filter(username=username).first()
    if officer is None:
        raise refusals.officer_unknown()
    Officer.objects.filter(pk=officer.pk).update(factor="", factor_step=-1)
    OfficerRecoveryCode.objects.filter(officer=officer).delete()
    note("reset_factor", officer=None, reset=str(officer.id))


def _in_vain(password: str) -> bool:
    """Take as long as a comparison does."""
    make_password(password)
    return False
