"""All writes to lots and to the ledger of stock movements."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from tiemchung.accounts import scope
from tiemchung.accounts.models import Account
from tiemchung.ground import audit, clock
from tiemchung.ground.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from tiemchung.ground.ids import new_id
from tiemchung.ground.rows import Planned
from tiemchung.stock.lots import LotNumber
from tiemchung.stock.models import Lot, StockMovement

LARGEST_RECEIPT = 1_000_000  # doses; more is a slip of the keys


@transaction.atomic
def receive(
    *,
    facility_id: UUID,
    product: str,
    lot_number: str,
    expires_on: date,
    doses: int,
    by: Account,
    movement_id: UUID | None = None,
) -> Lot:
    """Take doses of a lot into a facility's stock; the same movement_id again is harmless.

    A lot that nobody has met is made. Raises InvalidInputError (number, doses), NotAllowedError (another facility),
    ConflictError when the lot is known with another expiry date.
    """
    scope.check_acts_at(by, facility_id)
    _check_receipt(doses)
    lot = _lot(product, LotNumber.read(lot_number).value, expires_on)
    movement = _movement(movement_id, facility_id, lot, doses, StockMovement.Reason.RECEIPT, by)
    _write_once(movement, "stock.receive", by)
    return lot


@transaction.atomic
def hold(*, lot_id: UUID, reason: str, by: Account) -> Lot:
    """Stop a lot in the whole country, with a reason; holding it again keeps the first. Raises NotAllowedError."""
    _check_national(by)
    lot = _locked(lot_id)
    if lot.held_since is None:
        lot.held_since, lot.hold_reason = clock.now(), reason
        lot.save(update_fields=["held_since", "hold_reason"])
        audit.record("stock.hold", by=by.id, subject=lot.id)
    return lot


@transaction.atomic
def release(*, lot_id: UUID, by: Account) -> Lot:
    """Let a held lot be used again. Raises NotAllowedError, NotFoundError."""
    _check_national(by)
    lot = _locked(lot_id)
    if lot.held_since is not None:
        lot.held_since, lot.hold_reason = None, ""
        lot.save(update_fields=["held_since", "hold_reason"])
        audit.record("stock.release", by=by.id, subject=lot.id)
    return lot


@transaction.atomic
def write_off(*, facility_id: UUID, lot_id: UUID, doses: int, by: Account, movement_id: UUID | None = None) -> None:
    """Take wasted doses (left in an opened vial, broken, warmed) out of stock; the same movement_id again is harmless.

    Raises InvalidInputError, NotAllowedError, NotFoundError.
    """
    scope.check_acts_at(by, facility_id)
    _check_receipt(doses)
    lot = _locked(lot_id)
    movement = _movement(movement_id, facility_id, lot, -doses, StockMovement.Reason.WASTE, by)
    _write_once(movement, "stock.write_off", by)


def draw(*, planned: Planned, dose_id: UUID, facility_id: UUID, lot_id: UUID, by: UUID) -> None:
    """Plan the movement by which an injection takes its one dose, inside the act that records the dose.

    The act's own audit row speaks for it. Writing raises IntegrityError when the dose has taken its one already.
    """
    _plan(planned, dose_id, facility_id, lot_id, by, -1, StockMovement.Reason.INJECTION)


def give_back(*, planned: Planned, dose_id: UUID, facility_id: UUID, lot_id: UUID, by: UUID) -> None:
    """Plan the movement that gives back what an entry took that never should have stood."""
    _plan(planned, dose_id, facility_id, lot_id, by, 1, StockMovement.Reason.CORRECTION)


def take_again(*, planned: Planned, dose_id: UUID, facility_id: UUID, lot_id: UUID, by: UUID) -> None:
    """Plan the movement by which an entry takes its dose again that was given back while it passed for a double."""
    _plan(planned, dose_id, facility_id, lot_id, by, -1, StockMovement.Reason.CORRECTION)


def _plan(
    planned: Planned, dose_id: UUID, facility_id: UUID, lot_id: UUID, by: UUID, doses: int, reason: StockMovement.Reason
) -> None:
    planned.add(
        StockMovement,
        id=new_id(),
        facility_id=facility_id,
        lot_id=lot_id,
        doses=doses,
        reason=reason,
        dose_id=dose_id,
        at=clock.now(),
        by=by,
    )


def _check_receipt(doses: int) -> None:
    if not 0 < doses <= LARGEST_RECEIPT:
        raise InvalidInputError(
            "doses_out_of_range",
            field="doses",
            vi=f"Số liều là {doses}, ngoài khoảng 1 đến 1.000.000. Đếm lại rồi gõ lại.",
            en=f"{doses} doses is outside 1 to 1,000,000. Count again and retype.",
        )


def _lot(product: str, number: str, expires_on: date) -> Lot:
    lot, _ = Lot.objects.get_or_create(
        product=product, number=number, defaults={"id": new_id(), "expires_on": expires_on}
    )
    if lot.expires_on != expires_on:
        raise ConflictError(
            "lot_expiry_differs",
            field="expires_on",
            vi=f"Lô {number} đã nhập với hạn dùng {lot.expires_on:%d/%m/%Y}. Xem lại trên lọ.",
            en=f"Lot {number} is known with expiry {lot.expires_on:%d/%m/%Y}. Check the vial.",
        )
    return lot


def _movement(
    movement_id: UUID | None, facility_id: UUID, lot: Lot, doses: int, reason: StockMovement.Reason, by: Account
) -> StockMovement:
    return StockMovement(
        id=movement_id or new_id(),
        facility_id=facility_id,
        lot=lot,
        doses=doses,
        reason=reason,
        at=clock.now(),
        by=by.id,
    )


def _write_once(movement: StockMovement, act: str, by: Account) -> None:
    """Write a movement; the same again is harmless, another under the same id is refused."""
    known = StockMovement.objects.filter(id=movement.id).first() or _write_or_meet(movement)
    if known is None:
        facility_id, lot_id, doses = movement.facility_id, str(movement.lot_id), movement.doses
        audit.record(act, by=by.id, subject=movement.id, facility_id=facility_id, lot=lot_id, doses=doses)
    elif _essence(known) != _essence(movement):
        raise ConflictError(
            "movement_id_taken",
            field="movement_id",
            vi="Phiếu này đã ghi với số liệu khác. Tải lại trang rồi gõ lại.",
            en="This entry was made with other figures. Load the page again and retype.",
        )


def _write_or_meet(movement: StockMovement) -> StockMovement | None:
    """Write a movement, or give the one that a second click of the same page wrote at the same moment."""
    try:
        with transaction.atomic():
            movement.save(force_insert=True)
    except IntegrityError:
        known = StockMovement.objects.filter(id=movement.id).first()
        if known is None:
            raise
        return known
    return None


def _essence(movement: StockMovement) -> tuple[UUID, UUID, int, str]:
    return movement.facility_id, movement.lot_id, movement.doses, movement.reason


def _locked(lot_id: UUID) -> Lot:
    lot = Lot.objects.select_for_update().filter(id=lot_id).first()
    if lot is None:
        raise NotFoundError(
            "lot_not_found", field="lot_id", vi="Không có lô này. Chọn lại.", en="There is no such lot. Choose again."
        )
    return lot


def _check_national(account: Account) -> None:
    if account.role not in scope.NATION:
        raise NotAllowedError(
            "hold_is_national",
            field="lot_id",
            vi="Chỉ Bộ Y tế dừng hoặc mở lại một lô. Gọi 1900 9095 để báo.",
            en="Only the Ministry holds or releases a lot. Call 1900 9095 to report.",
        )
