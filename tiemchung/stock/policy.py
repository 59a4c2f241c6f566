"""What speaks against a vial? Objections in words: before the needle they stop it, after it they become findings."""

from datetime import date

from tiemchung.ground.errors import ConflictError
from tiemchung.stock.models import Lot


def objections(lot: Lot | None, *, lot_number: str, product: str, on: date) -> list[ConflictError]:
    """Say what speaks against giving `product` from this lot on that day; `lot` is None when nobody knows it."""
    if lot is None:
        return [_unknown(lot_number)]
    found = []
    if lot.product != product:
        found.append(_other_product(lot))
    if lot.expires_on < on:
        found.append(_expired(lot))
    if lot.held_since is not None:
        found.append(_held(lot))
    return found


def none_left(lot_number: str) -> ConflictError:
    """The objection to drawing from a lot of which the facility has no dose left."""
    return ConflictError(
        "lot_none_left",
        field="lot_number",
        vi=f"Lô {lot_number} ở điểm tiêm này đã hết. Lấy lọ thuộc lô khác, hoặc nhập thêm trước.",
        en=f"None of lot {lot_number} is left here. Take a vial of another lot, or receive more first.",
    )


def _unknown(lot_number: str) -> ConflictError:
    return ConflictError(
        "lot_unknown",
        field="lot_number",
        vi=f"Chưa có lô {lot_number}. Xem lại số trên lọ, hoặc nhập lô trước.",
        en=f"There is no lot {lot_number}. Check the number on the vial, or receive the lot first.",
    )


def _other_product(lot: Lot) -> ConflictError:
    return ConflictError(
        "lot_of_other_product",
        field="lot_number",
        vi=f"Lô {lot.number} là {lot.product}, không phải vắc xin của mũi này. Lấy đúng lọ rồi quét lại.",
        en=f"Lot {lot.number} is {lot.product}, not the vaccine of this dose. Take the right vial and scan it.",
    )


def _expired(lot: Lot) -> ConflictError:
    return ConflictError(
        "lot_expired",
        field="lot_number",
        vi=f"Lô {lot.number} hết hạn {lot.expires_on:%d/%m/%Y}. Lấy lọ thuộc lô khác rồi quét lại.",
        en=f"Lot {lot.number} expired on {lot.expires_on:%d/%m/%Y}. Take a vial of another lot and scan it.",
    )


def _held(lot: Lot) -> ConflictError:
    return ConflictError(
        "lot_held",
        field="lot_number",
        vi=f"Lô {lot.number} đang tạm dừng. Lấy lọ thuộc lô khác rồi quét lại.",
        en=f"Lot {lot.number} is on hold. Take a vial of another lot and scan it.",
    )
