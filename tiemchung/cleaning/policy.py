"""Who may take which step of cleaning, and from where? 2262/BYT-CNTT: station, hamlet team, commune police, site."""

from typing import Any

from tiemchung.accounts.models import Account, Role
from tiemchung.cleaning import refusals
from tiemchung.cleaning.models import Step
from tiemchung.cleaning.reach import parameters
from tiemchung.cleaning.states import TAKEN_FROM, CleaningState

SITE = frozenset({Role.DATA_CLERK, Role.FACILITY_HEAD})
HEALTH = frozenset({Role.COMMUNE_HEALTH_STATION, Role.DISTRICT, Role.PROVINCE_CDC, Role.PROVINCE_HEALTH_DEPARTMENT})
HAMLET = frozenset({Role.HAMLET_TEAM})
# The population side's own steps (police_…) come by notice: no account takes them.
MAY_TAKE: dict[Step, frozenset[Role]] = {
    Step.GIVEN_TO_HAMLET: HEALTH,
    Step.HAMLET_CONFIRMED: HAMLET | HEALTH,  # the station types what the hamlet team brought on paper
    Step.HAMLET_UNKNOWN: HAMLET | HEALTH,
    Step.SENT_TO_POLICE: HEALTH | SITE,
    Step.SENT_TO_SITE: HEALTH,
    Step.SITE_UNKNOWN: SITE,
    Step.CORRECTED: HEALTH | SITE | HAMLET,
    Step.SET_ASIDE: HEALTH,
}
WORKS_ON = HEALTH | SITE | HAMLET


def reaches(account: Account, task: dict[str, Any]) -> bool:
    """Say whether a task (its commune_id and facility_id) lies within an account's reach."""
    reach = parameters(account)
    if reach["communes"] is None or reach["facilities"] is None:
        return True
    return task["commune_id"] in reach["communes"] or task["facility_id"] in reach["facilities"]


def can_take(account: Account, step: Step, task: dict[str, Any]) -> bool:
    """Say whether the account may take that step with a task as it lies: for pages."""
    return Role(account.role) in MAY_TAKE.get(step, frozenset()) and task["state"] in _starts(account, step)


def check_may_take(account: Account, step: Step, task: dict[str, Any]) -> None:
    """Refuse a step out of reach, of another role, or from where the task does not lie.

    Raises NotFoundError, NotAllowedError, ConflictError.
    """
    if not reaches(account, task):
        raise refusals.task_unknown()
    if Role(account.role) not in MAY_TAKE.get(step, frozenset()):
        raise refusals.step_not_yours()
    if task["state"] == CleaningState.CURED:
        raise refusals.step_closed()
    if task["state"] not in _starts(account, step):
        raise refusals.step_out_of_turn()
    if step is Step.SENT_TO_POLICE and task["commune_id"] is None:
        raise refusals.no_commune()
    if step is Step.SENT_TO_SITE and task["facility_id"] is None:
        raise refusals.facility_missing()


def _starts(account: Account, step: Step) -> tuple[CleaningState, ...]:
    """A hamlet team puts right what it was given; the others what lies within their reach, wherever it lies."""
    if step is Step.CORRECTED and account.role == Role.HAMLET_TEAM:
        return (CleaningState.WITH_HAMLET,)
    return TAKEN_FROM[step]
