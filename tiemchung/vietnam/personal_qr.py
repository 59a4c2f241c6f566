"""The national personal QR code, version 1.1 (Ministry of Information and Communications, 11 September 2021).

`SoGiayTo|HoTen|NgaySinh|LoaiDinhDanh|QID|EXT`, where EXT holds, between `<`: the QID of who declared, sex (0 not
stated, 1 male, 2 female), health insurance number, phone, signature. The code is not signed as it is used: it
says who someone claims to be, and proves nothing.
"""

from dataclasses import dataclass, field

from tiemchung.vietnam.card_qr import MAX_SCAN_LENGTH, too_long
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import Cure, InputError
from tiemchung.vietnam.identity_numbers import IdentityNumber
from tiemchung.vietnam.names import fold
from tiemchung.vietnam.sex import Sex

FIELD = "personal_qr"
_MAX_FIELD_LENGTH = 500
_SEX_OF = {"0": None, "": None, "1": Sex.MALE, "2": Sex.FEMALE}
_CODE_OF = {None: "0", Sex.MALE: "1", Sex.FEMALE: "2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalQr:
    """What a personal QR code says. Texts are as read; none may hold the signs that part the fields."""

    document_number: str = field(repr=False)
    name: str
    birth_date: PartialDate
    declared_by_other: bool = False
    qid: str = ""
    declarer_qid: str = ""
    sex: Sex | None = None
    health_insurance: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    signature: str = ""

    def __post_init__(self) -> None:
        if not fold(self.name):
            # No more is asked of it: folded by whoever made the code, «Bé» and «Ba» can no longer be told apart.
            raise _nameless()
        for each in self._texts():
            if len(each) > _MAX_FIELD_LENGTH or "|" in each or "<" in each or each != each.strip():
                raise _unreadable()

    @classmethod
    def parse(cls, text: str) -> "PersonalQr":
        """Read a scanned text.

        Raises InputError; codes personal_qr_too_long, personal_qr_fields, name_empty, and those of PartialDate.parse.
        """
        if len(text) > MAX_SCAN_LENGTH:
            raise too_long(FIELD)
        fields = [each.strip() for each in text.split("|")]
        if len(fields) not in (5, 6) or fields[3] not in ("0", "1"):
            raise _unreadable()
        more = [each.strip() for each in (fields[5] if len(fields) == 6 else "").split("<")]
        if len(more) > 5:
            raise _unreadable()
        declarer_qid, sex, health_insurance, phone, signature = more + [""] * (5 - len(more))
        if sex not in _SEX_OF:
            raise _unreadable()
        return cls(
            document_number=fields[0],
            name=fields[1],
            birth_date=PartialDate.parse(fields[2]),
            declared_by_other=fields[3] == "1",
            qid=fields[4],
            declarer_qid=declarer_qid,
            sex=_SEX_OF[sex],
            health_insurance=health_insurance,
            phone=phone,
            signature=signature,
        )

    def format(self) -> str:
        """Write the text of the QR code; the name in capitals without diacritics, as version 1.1 wants it."""
        more = [self.declarer_qid, _CODE_OF[self.sex], self.health_insurance, self.phone]
        if self.signature:
            more.append(self.signature)
        kind = "1" if self.declared_by_other else "0"
        fields = (self.document_number, fold(self.name), self.birth_date.iso, kind, self.qid, "<".join(more))
        return "|".join(fields)

    @property
    def identity_number(self) -> IdentityNumber | None:
        """The document number when it can be one of ours; foreign documents stay in `document_number`."""
        try:
            return IdentityNumber.parse(self.document_number)
        except InputError:
            return None

    def _texts(self) -> tuple[str, ...]:
        return (
            *(self.document_number, self.name, self.qid, self.declarer_qid),
            *(self.health_insurance, self.phone, self.signature),
        )


def _nameless() -> InputError:
    return InputError(
        "name_empty",
        "full_name",
        "Mã QR này không có họ tên. Quét thẻ căn cước, hoặc gõ họ tên.",
        "This QR code has no name in it. Scan the ID card, or type the name.",
        Cure.SCAN_CARD,
    )


def _unreadable() -> InputError:
    return InputError(
        f"{FIELD}_fields",
        FIELD,
        "Chưa đọc được mã QR cá nhân này. Quét lại, hoặc quét thẻ căn cước.",
        "This personal QR code cannot be read. Scan again, or scan the ID card.",
        Cure.SCAN_CARD,
    )
