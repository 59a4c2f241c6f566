"""What the worker does for privacy. A job is only a hint to look: what is due is a fact in the tables."""

from procrastinate.contrib.django import app

from tiemchung.privacy import actions


@app.periodic(cron="30 19 * * *")  # 2:30 in the night in Viet Nam
@app.task(queueing_lock="privacy", lock="privacy")
def let_go_what_is_due(timestamp: int) -> None:
    """Every night: let go what is past its time."""
    del timestamp
    actions.retain(by=None)
