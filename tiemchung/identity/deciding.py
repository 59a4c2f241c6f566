"""Who may say that two records are one human's, or two humans'? Whoever has both in his area, from the commune up."""

from uuid import UUID

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.accounts.roles import Role
from tiemchung.ground import sql
from tiemchung.ground.errors import NotAllowedError

queries = sql.load(__package__)
DECIDES = frozenset(
    {Role.COMMUNE_HEALTH_STATION, Role.DISTRICT, Role.PROVINCE_HEALTH_DEPARTMENT, Role.PROVINCE_CDC, Role.MINISTRY}
)


def areas_of(person_ids: list[UUID]) -> dict[UUID, str | None]:
    """The area of each record: of residence, of the last injection, or of who stated it; None for none of them."""
    rows = sql.fetch_tuples(queries.areas_of_records, {"persons": person_ids})
    return dict(rows)


def may_decide(account: Account, one_id: UUID, other_id: UUID) -> bool:
    """Say whether the account may decide about this pair."""
    if account.role not in DECIDES:
        return False
    areas = areas_of([one_id, other_id])
    return scope.reaches_nation(account) or all(
        code is not None and scope.can_see_area(account, code) for code in areas.values()
    )


def check_may_decide(account: Account, one_id: UUID, other_id: UUID) -> None:
    """Refuse an account that has not both records in its area. Raises NotAllowedError."""
    if not may_decide(account, one_id, other_id):
        raise NotAllowedError(
            "pair_out_of_scope",
            field="person_id",
            vi="Có hồ sơ ngoài địa bàn của tài khoản này. Chuyển cho cấp trên của cả hai địa bàn.",
            en="One of the records lies outside this account's area. Leave it to the level above both areas.",
        )
