"""What the worker does for figures."""

from procrastinate.contrib.django import app

from tiemchung.figures import actions


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="figures", lock="figures")
def take_figures(timestamp: int) -> None:
    """Every minute: count everything as it stands."""
    del timestamp
    actions.take(by=None)
