"""What the worker does for identity. A job is only a hint to look: who is unchecked is a fact in the tables."""

from procrastinate.contrib.django import app

from tiemchung.identity import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="identity", lock="identity")
def check_the_unchecked(timestamp: int) -> None:
    """Every minute: ask the population side about everybody who is unchecked."""
    del timestamp
    actions.check_due(by=None)
