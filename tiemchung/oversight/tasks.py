"""What the worker does for oversight. A job is only a hint to look: what is unsealed is a fact in the tables."""

from procrastinate.contrib.django import app

from tiemchung.oversight import actions_alarm, actions_seal, publishing


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="seal", lock="seal")
def seal_and_publish(timestamp: int) -> None:
    """Every minute: seal what is finished, and write the seals where the database cannot reach."""
    del timestamp
    actions_seal.seal_finished()
    publishing.publish()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="watch", lock="watch")
def watch(timestamp: int) -> None:
    """Every minute: raise the alarms that the logs give reason for."""
    del timestamp
    actions_alarm.raise_due()
