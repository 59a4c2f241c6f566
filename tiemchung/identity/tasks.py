"""What the worker does for identity. A job is only a hint to look: who is unchecked is a fact in the tables."""

from django.conf import settings
from procrastinate.contrib.django import app

from tiemchung.ground import clock
from tiemchung.identity import actions, actions_scan, inbox


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="identity", lock="identity")
def check_the_unchecked(timestamp: int) -> None:
    """Every minute: ask the population side about everybody who is unchecked."""
    del timestamp
    actions.check_due(by=None)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="exchange", lock="exchange")
def take_in_what_came(timestamp: int) -> None:
    """Every minute: take in the answers and change lists that lie in the exchange folder, if there is one."""
    del timestamp
    if settings.EXCHANGE_FOLDER:
        inbox.take_in(settings.EXCHANGE_FOLDER)


@app.periodic(cron="0 19 * * *")
@app.task(queueing_lock="unknown", lock="unknown")
def ask_about_the_unknown_again(timestamp: int) -> None:
    """At two in the morning in Viet Nam (19:00 UTC): ask again about a seventh of those whose number nobody had."""
    del timestamp
    actions.ask_unknown_anew(by=None, night=clock.local(clock.now()).toordinal() % 7)


@app.periodic(cron="30 1 * * *")
@app.task(queueing_lock="duplicates", lock="duplicates")
def scan_duplicates(timestamp: int) -> None:
    """Every night: search the registry for duplicates. What was decided stays decided."""
    del timestamp
    actions_scan.scan(by=None)
