"""What the worker does for accounts: what is over is deleted. A job is only a hint to look."""

from procrastinate.contrib.django import app

from tiemchung.accounts.actions_quotas import forget_old_counters
from tiemchung.accounts.actions_sign_in import forget_ended
from tiemchung.accounts.actions_tries import forget_old


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="accounts", lock="accounts")
def forget_what_is_over(timestamp: int) -> None:
    """Every hour: delete sign-ins that ended and tries of older days."""
    del timestamp
    forget_ended(by=None)
    forget_old(by=None)
    forget_old_counters(by=None)
