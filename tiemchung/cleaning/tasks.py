"""What the worker does for cleaning. A job is only a hint to look: what is due is a fact in the tables."""

from procrastinate.contrib.django import app

from tiemchung.cleaning import actions, actions_funnel, actions_police


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="cleaning", lock="cleaning")
def keep_tasks(timestamp: int) -> None:
    """Every minute: exchange with commune police, open and close tasks by what checks found."""
    del timestamp
    actions_police.exchange_with_police()
    actions.settle_changed()


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="counts", lock="funnel")
def count_all(timestamp: int) -> None:
    """Every quarter of an hour, and as often as it takes: records and tasks of every commune."""
    del timestamp
    actions_funnel.count_all()


@app.periodic(cron="55 16 * * *")
@app.task(queueing_lock="funnel", lock="funnel")
def take_the_funnel(timestamp: int) -> None:
    """Before midnight in Viet Nam (16:55 UTC): the day's funnel."""
    del timestamp
    actions_funnel.take_funnel()
