"""What the worker does for passports. A job is only a hint to look: what is due is a fact in the tables."""

from procrastinate.contrib.django import app

from tiemchung.passports import actions_issue, actions_revoke


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="passports", lock="passports")
def keep_passports(timestamp: int) -> None:
    """Every minute: revoke what no longer holds, issue what is due."""
    del timestamp
    actions_revoke.revoke_stale(by=None)
    actions_issue.issue_due(by=None)
