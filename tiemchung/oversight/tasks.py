"""What the worker does for oversight. A job is only a hint to look: what is unsealed is a fact in the tables."""

import logging

from procrastinate.contrib.django import app

from tiemchung.ground.errors import ConflictError
from tiemchung.oversight import actions_alarm, actions_seal, publishing

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="seal", lock="seal")
def seal_and_publish(timestamp: int) -> None:
    """Every minute: seal what is finished, and write the seals where the database cannot reach.

    Where nothing can be sealed yet, one line of the log says why and how to mend it; `audit verify` fails meanwhile.
    """
    del timestamp
    try:
        actions_seal.seal_finished()
    except ConflictError as refused:
        log.warning("nothing is sealed: %s", refused)
    publishing.publish()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="watch", lock="watch")
def watch(timestamp: int) -> None:
    """Every minute: raise the alarms that the logs give reason for."""
    del timestamp
    actions_alarm.raise_due()
