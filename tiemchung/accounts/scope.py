"""What lies within an account's reach? The one place that knows; every read and write of staff goes through it.

A role is bound by one facility, by one area (commune, district or province, with all that lies in it), by the nation,
or, as a citizen's, by nothing of this sort. Ask here in one of three ways:

- about one thing: `can_see_facility`, `can_see_area`, `can_act_at`, each with a `check_…` that refuses;
- for a query set: `facilities(account)`, `areas(account)`;
- for a named SQL statement: `parameters(account)` beside

      (%(scope_facilities)s::uuid[] IS NULL OR d.facility_id = ANY(%(scope_facilities)s))
      (%(scope_areas)s::text[] IS NULL OR p.residence_id = ANY(%(scope_areas)s))

  where NULL is the nation and an empty list is nothing. A province has some hundred facilities and areas.
"""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from tiemchung.accounts.models import Account
from tiemchung.accounts.roles import IN_AREA, OF_NATION, WRITES_AT_FACILITY, Role
from tiemchung.ground.errors import NotAllowedError
from tiemchung.places.models import Area, Facility

NATION = frozenset({Role.NATIONAL_SIGNER, Role.MINISTRY})  # who decides for the nation


def reaches_nation(account: Account) -> bool:
    """Say whether nothing bounds the account but the country."""
    return account.role in OF_NATION


def areas(account: Account) -> QuerySet[Area]:
    """The areas in the account's reach: its own and all that lie in it; none for staff of a facility."""
    if reaches_nation(account):
        return Area.objects.all()
    if account.role not in IN_AREA:
        return Area.objects.none()
    own = account.area_id
    return Area.objects.filter(Q(code=own) | Q(parent=own) | Q(parent__parent=own))


def facilities(account: Account) -> QuerySet[Facility]:
    """The facilities in the account's reach: its own, those of its area, or all."""
    if reaches_nation(account):
        return Facility.objects.all()
    if account.facility_id:
        return Facility.objects.filter(id=account.facility_id)
    return Facility.objects.filter(area__in=areas(account))


def parameters(account: Account) -> dict[str, list[Any] | None]:
    """The account's reach for a statement: `scope_facilities` (UUIDs), `scope_areas` (codes); None is the nation."""
    if reaches_nation(account):
        return {"scope_facilities": None, "scope_areas": None}
    return {
        "scope_facilities": list(facilities(account).values_list("id", flat=True)),
        "scope_areas": list(areas(account).values_list("code", flat=True)),
    }


def can_see_facility(account: Account, facility_id: UUID) -> bool:
    """Say whether what that facility wrote lies in the account's reach."""
    if reaches_nation(account) or account.facility_id == facility_id:
        return True
    return account.role in IN_AREA and facilities(account).filter(id=facility_id).exists()


def can_see_area(account: Account, code: str) -> bool:
    """Say whether that area, by its GSO code, lies in the account's reach."""
    return reaches_nation(account) or areas(account).filter(code=code).exists()


def can_act_at(account: Account, facility_id: UUID) -> bool:
    """Say whether the account may write at that facility; an auditor, say, sees every one and writes at none."""
    return account.role in WRITES_AT_FACILITY and can_see_facility(account, facility_id)


def check_sees_facility(account: Account, facility_id: UUID) -> None:
    """Refuse an account that cannot see that facility. Raises NotAllowedError on facility_id."""
    if not can_see_facility(account, facility_id):
        raise out_of_scope()


def check_sees_area(account: Account, code: str) -> None:
    """Refuse an account that cannot see that area. Raises NotAllowedError on area."""
    if not can_see_area(account, code):
        raise NotAllowedError(
            "out_of_scope",
            field="area",
            vi="Địa bàn này ngoài phạm vi của tài khoản. Chọn địa bàn của mình.",
            en="This area is outside the account's scope. Choose one of your own.",
        )


def check_acts_at(account: Account, facility_id: UUID) -> None:
    """Refuse an account that may not write at that facility. Raises NotAllowedError on facility_id."""
    if not can_act_at(account, facility_id):
        raise out_of_scope()


def out_of_scope() -> NotAllowedError:
    """What is said of another facility's thing."""
    return NotAllowedError(
        "out_of_scope",
        field="facility_id",
        vi="Việc này thuộc cơ sở khác. Xin đăng nhập bằng tài khoản của cơ sở đó.",
        en="This belongs to another facility. Sign in with an account of that facility.",
    )


def own_facility(account: Account) -> UUID:
    """The facility that an account of a site is bound to. Raises NotAllowedError for any other account."""
    if account.facility_id is None:
        raise NotAllowedError(
            "no_facility",
            field="account",
            vi="Tài khoản này không thuộc điểm tiêm nào.",
            en="This account belongs to no facility.",
        )
    return account.facility_id
