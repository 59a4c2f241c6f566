"""What do commands name that must be there? Facilities by code."""

from typing import TYPE_CHECKING

from tiemchung.ground.errors import NotFoundError

if TYPE_CHECKING:
    from tiemchung.places.models import Facility


def facility(code: str) -> "Facility":
    """The facility of that code. Raises NotFoundError on facility."""
    from tiemchung.places.models import Facility

    found = Facility.objects.filter(code=code).first()
    if found is None:
        raise NotFoundError(
            "facility_unknown",
            field="facility",
            vi=f"Không có cơ sở nào mang mã {code}. Mở cơ sở trước: tiemchung places open-facility.",
            en=f"No facility has the code {code}. Open it first: tiemchung places open-facility.",
        )
    return found
