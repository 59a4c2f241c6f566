"""Who was at a facility, otherwise than by what a device says? A bare id in a check-in proves nobody (docs/adr/0040).

A record opens to a site because the person's code or number was read there, because he is invited there, or because
the site itself stated him. A device that was without network brings a check-in by id alone: the visit stands as it was
reported, with a finding, and shows nobody until one of these is true.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from tiemchung.ground import sql
from tiemchung.ground.errors import ConflictError, NotFoundError
from tiemchung.visits.facts import Known, queries

UNPROVEN = "presence_unproven"  # code of the finding that a device's bare id leaves behind
READ = "scan"  # the reason of a look that only the reading of a code or number writes


def known(facility_id: UUID, person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the persons, by any record of theirs, who were read, invited or stated at the facility."""
    asked = {"facility": facility_id, "persons": list(person_ids), "read": READ}
    return {row["person_id"] for row in sql.fetch_all(queries.known_at, asked)}


def look(here: Known) -> None:
    """Read, once for a batch, who of the persons named in it is known at its facility."""
    if asked := here.person_ids() - here.met.keys():
        found = known(here.facility_id, asked)
        here.met |= {person_id: person_id in found for person_id in asked}


def is_met(here: Known, person_id: UUID) -> bool:
    """Whether a person of a batch, whom `look` has read, is known at its facility."""
    return here.met[here.person(person_id).id]


def check_known(facility_id: UUID, person_id: UUID) -> None:
    """Refuse the record of who was checked in by an id alone. Raises NotFoundError on person_id, with the cure."""
    if not known(facility_id, [person_id]):
        raise NotFoundError(
            UNPROVEN,
            field="person_id",
            vi="Lượt này gửi từ máy mà chưa quét mã của người đến tiêm. Quét mã hoặc gõ số của người này, rồi mở lại.",
            en="This visit came from a device, and the person's code was not read. Read the code or type the number.",
        )


def unproven() -> ConflictError:
    """What is found about a visit, and about its dose, that a device reports of who is not known at the facility."""
    return ConflictError(
        UNPROVEN,
        field="person_id",
        vi="Chưa biết chắc ai đã tiêm: máy gửi lượt này mà chưa quét mã. Quét mã hoặc gõ số của người này để xác nhận.",
        en="It is not sure who came: a device sent this visit and no code was read. Read his code or type his number.",
    )


def named(facility_id: UUID, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with `person_id` and `full_name`; the name of who is not known at the facility is left out."""
    met = known(facility_id, {row["person_id"] for row in rows}) if rows else set()
    return [row if row["person_id"] in met else row | {"full_name": ""} for row in rows]
