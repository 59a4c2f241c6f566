"""What is the floor shown of a person's identity? Staff see the kind of each difference, and where to put it right."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tiemchung.cleaning import causes
from tiemchung.identity import states
from tiemchung.linkage.kinds import HARMLESS
from tiemchung.look.words import said

FIELDS = {
    "number": _("Số định danh"),
    "full_name": _("Họ tên"),
    "birth_date": _("Ngày sinh"),
    "sex": _("Giới tính"),
}


def shown(person_id: UUID, *, asked: bool = False) -> dict[str, Any]:
    """How the person stands, for `parts/identity.html`. `asked`: the other side has just been tried."""
    standing = states.of(person_id)
    wrong = [(field, kind) for field, kind in standing.fields.items() if kind not in HARMLESS]
    return {
        "person_id": person_id,
        "standing": standing.state,
        "asked": asked,
        "differences": [(FIELDS[field], said(causes.words(field, kind))) for field, kind in wrong],
    }
