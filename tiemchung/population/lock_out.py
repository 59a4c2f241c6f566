"""Who may try to sign in now? Wrong tries lock whoever makes them, and never the officer whose name a stranger types.

| Wrong tries within a quarter of an hour | Most | Whom it stops |
|---|---|---|
| on one name from one network | 5 | who guesses |
| on whatever names from one network | 20 | who goes from name to name |
| on one name from networks where it never got in | 20 | many who share the guessing |

Where a name got in within thirty days the last bound does not hold: the officer at his desk goes on. The second does
not hold for this machine's own address: there everybody stands behind one proxy (`TIEMCHUNG_PROXIES`).
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from tiemchung.ground import clock, sql
from tiemchung.ground.addresses import is_here
from tiemchung.population import refusals
from tiemchung.population.keyed import keyed
from tiemchung.population.models import SignInAttempt

OF_NAME_AND_NETWORK, OF_NETWORK, OF_NAME_ELSEWHERE = 5, 20, 20
WITHIN = timedelta(minutes=15)
KNOWN_FOR = timedelta(days=30)
queries = sql.load(__package__)


def take(username: str, network: str) -> SignInAttempt:
    """Count a try as a wrong one before it is made, so that a hundred at one moment are a hundred and not one.

    Raises NotAllowedError where a bound is reached. `give_back` takes it back from who was right. What is too old to
    count for anything goes, whatever name was typed.
    """
    now, about, where = clock.now(), keyed("sign-in", username), keyed("network", network)
    with transaction.atomic():
        sql.fetch_one(queries["take_turns"], {"about": about, "network": where})
        _check(about, where, shared=is_here(network))
        taken = SignInAttempt.objects.create(about=about, network=where, at=now, succeeded=False)
    sql.execute(queries["forget_old"], {"known": now - KNOWN_FOR, "counted": now - WITHIN})
    return taken


def give_back(taken: SignInAttempt) -> None:
    """The try was none: what was typed is right."""
    SignInAttempt.objects.filter(pk=taken.pk).delete()


def note_success(username: str, network: str) -> None:
    """Write down that the name got in from there: the count of wrong tries starts anew."""
    SignInAttempt.objects.create(
        about=keyed("sign-in", username), network=keyed("network", network), at=clock.now(), succeeded=True
    )


def _check(about: str, where: str, *, shared: bool) -> None:
    recent = SignInAttempt.objects.filter(at__gt=clock.now() - WITHIN)
    own = recent.filter(about=about, network=where)
    theirs = recent.filter(about=about, succeeded=False)
    elsewhere = theirs.exclude(network__in=_known(about).values("network"))
    if (
        _failed_in_a_row(own) >= OF_NAME_AND_NETWORK
        or (not shared and recent.filter(network=where, succeeded=False).count() >= OF_NETWORK)
        or (not _known(about).filter(network=where).exists() and elsewhere.count() >= OF_NAME_ELSEWHERE)
    ):
        raise refusals.locked_out()


def _failed_in_a_row(tries: QuerySet[SignInAttempt]) -> int:
    last = tries.filter(succeeded=True).order_by("-id").values_list("id", flat=True).first()
    return tries.filter(succeeded=False, id__gt=last or 0).count()


def _known(about: str) -> QuerySet[SignInAttempt]:
    return SignInAttempt.objects.filter(about=about, succeeded=True, at__gt=clock.now() - KNOWN_FOR)
