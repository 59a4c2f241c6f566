"""Every answer the library gives, with its code and its words in Vietnamese and English.

The letter before the bar is the stage: D decode, K key, S signature, L trust list, T time, C content,
R revocation; N marks a note, which tells of a deviation that was tolerated. The table in
docs/reference/hcert.md is checked against this one.
"""

from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """The three verdicts: an invalid certificate is a finding, an unknown one is a gap in what we know."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN = "unknown"


class Code(NamedTuple):
    """One answer: its code, the verdict it leads to (a note leads to valid) and its words."""

    code: str
    status: Status
    vi: str
    en: str

    @property
    def words(self) -> dict[str, str]:
        """The sentence in both languages."""
        return {"vi": self.vi, "en": self.en}


def _invalid(code: str, vi: str, en: str) -> Code:
    return Code(code, Status.INVALID, vi, en)


def _unknown(code: str, vi: str, en: str) -> Code:
    return Code(code, Status.UNKNOWN, vi, en)


def _note(code: str, vi: str, en: str) -> Code:
    return Code(code, Status.VALID, vi, en)


_ALL = (
    _note("OK", "Chứng nhận thật và còn hạn.", "The certificate is genuine and in date."),
    # -- decode ------------------------------------------------------------------------------------------
    _invalid("D|SIZ", "Dữ liệu quá lớn, không phải mã chứng nhận. Quét lại mã QR trên chứng nhận.",
             "Too large to be a certificate. Scan the QR code of the certificate itself."),
    _invalid("D|PIC", "Chưa mở được ảnh. Chụp lại, hoặc gửi tệp PNG hay JPEG.",
             "The picture cannot be opened. Take it again, or send a PNG or JPEG file."),
    _invalid("D|QR", "Không thấy mã QR trong ảnh. Chụp lại gần hơn, đủ sáng, cả viền trắng quanh mã.",
             "No QR code found in the picture. Take it closer, in good light, with the white border."),
    _invalid("D|PRE", "Mã này không phải chứng nhận tiêm chủng: cần bắt đầu bằng HC1:.",
             "This code is not a health certificate: it must begin with HC1:."),
    _invalid("D|B45", "Mã bị hỏng: có ký tự ngoài bảng Base45. Quét lại mã gốc.",
             "The code is damaged: it is not Base45. Scan the original again."),
    _invalid("D|ZLB", "Mã bị hỏng: phần nén không giải được. Quét lại mã gốc.",
             "The code is damaged: it cannot be inflated. Scan the original again."),
    _invalid("D|BIG", "Mã giải nén ra quá lớn nên đã dừng. Đây không phải chứng nhận.",
             "It inflates beyond any certificate and was stopped. This is not a certificate."),
    _invalid("D|COS", "Mã không mang chữ ký COSE đúng dạng. Xin bản mới của nơi cấp.",
             "There is no well-formed COSE signature. Ask the issuer for a new copy."),
    _invalid("D|CBR", "Phần dữ liệu CBOR bị hỏng. Xin bản mới của nơi cấp.",
             "The CBOR data is damaged. Ask the issuer for a new copy."),
    _invalid("D|CWT", "Không thấy phần chứng nhận sức khỏe trong mã. Xin bản mới của nơi cấp.",
             "No health certificate claim is inside. Ask the issuer for a new copy."),
    # -- key ---------------------------------------------------------------------------------------------
    _invalid("K|ALG", "Thuật toán ký không được chấp nhận; chỉ dùng ES256 hoặc PS256.",
             "The signature algorithm is not accepted; it must be ES256 or PS256."),
    _invalid("K|TYP", "Khóa của nơi cấp không hợp với thuật toán ghi trong mã.",
             "The signer's key does not fit the algorithm that the code names."),
    _unknown("K|KID", "Mã không ghi khóa nào đã ký nên chưa kiểm tra được.",
             "The code does not say which key signed it, so it cannot be checked."),
    _unknown("K|UNK", "Chưa có khóa của nơi cấp trong danh sách tin cậy. Cập nhật danh sách rồi quét lại.",
             "The signer's key is not in the trust list. Update the list and scan again."),
    _unknown("K|BAD", "Khóa của nơi cấp trong danh sách không đọc được. Báo cho bên gửi danh sách.",
             "The signer's key in the trust list cannot be read. Tell whoever supplies the list."),
    _invalid("K|WDN", "Khóa đã ký chứng nhận này bị nước cấp thu hồi. Mời xin bản mới.",
             "The key that signed this was withdrawn by its country. Ask for a new certificate."),
    _invalid("K|EXP", "Chứng thư của nơi ký đã hết hạn. Mời xin bản mới.",
             "The signer's own certificate has expired. Ask for a new certificate."),
    _invalid("K|NYV", "Chứng thư của nơi ký chưa đến ngày hiệu lực. Kiểm tra ngày giờ của máy.",
             "The signer's own certificate is not valid yet. Check the clock of this device."),
    _invalid("K|USE", "Khóa này không được phép ký loại chứng nhận này.",
             "This key may not sign this kind of certificate."),
    # -- signature and trust list ------------------------------------------------------------------------
    _invalid("S|SIG", "Chữ ký sai: nội dung đã bị sửa hoặc không do nơi cấp ký.",
             "The signature is wrong: the content was changed or the issuer did not sign it."),
    _unknown("L|OLD", "Danh sách tin cậy trên máy đã quá hạn. Nối mạng để cập nhật rồi quét lại.",
             "The trust list on this device is out of date. Connect, update it and scan again."),
    _unknown("L|NYV", "Danh sách tin cậy chưa đến giờ hiệu lực. Kiểm tra ngày giờ của máy.",
             "The trust list is not in force yet. Check the clock of this device."),
    # -- time --------------------------------------------------------------------------------------------
    _invalid("T|EXP", "Chứng nhận đã hết hạn. Bản mới, nếu có, ở Sổ sức khỏe, phần Hộ chiếu.",
             "The certificate has expired. A new one, if issued, is in the health book under Passport."),
    _invalid("T|NYV", "Chứng nhận ghi ngày cấp ở tương lai. Kiểm tra ngày giờ của máy.",
             "The certificate says it was issued in the future. Check the clock of this device."),
    _invalid("T|MIS", "Chứng nhận không ghi ngày hết hạn. Xin bản mới của nơi cấp.",
             "The certificate has no expiry date. Ask the issuer for a new one."),
    # -- content -----------------------------------------------------------------------------------------
    _invalid("C|DCC", "Nội dung chứng nhận thiếu phần bắt buộc. Xin bản mới của nơi cấp.",
             "The content lacks a required part. Ask the issuer for a new certificate."),
    _invalid("C|CNT", "Một mã chỉ được mang đúng một mục tiêm, xét nghiệm hoặc khỏi bệnh.",
             "A code must carry exactly one vaccination, test or recovery."),
    _invalid("C|VER", "Phiên bản nội dung này chưa được hỗ trợ. Cập nhật ứng dụng rồi quét lại.",
             "This version of the content is not supported. Update the app and scan again."),
    # -- revocation --------------------------------------------------------------------------------------
    _invalid("R|REV", "Nơi cấp đã thu hồi chứng nhận này. Bản mới, nếu có, ở Sổ sức khỏe, phần Hộ chiếu.",
             "The issuer has revoked this certificate. A new one, if issued, is in the health book."),
    _unknown("R|ABS", "Chưa có danh sách thu hồi của nước cấp. Cập nhật rồi quét lại.",
             "There is no revocation list of the issuing country. Update and scan again."),
    _unknown("R|OLD", "Danh sách thu hồi trên máy đã quá hạn. Nối mạng để cập nhật rồi quét lại.",
             "The revocation list on this device is out of date. Connect, update it and scan again."),
    # -- notes: tolerated deviations -----------------------------------------------------------------------
    _note("N|SPC", "Bỏ khoảng trắng thừa quanh mã.", "White space around the code was dropped."),
    _note("N|TRL", "Bỏ qua dữ liệu thừa sau phần có chữ ký.", "Bytes after the signed part were ignored."),
    _note("N|TAG", "Thẻ COSE thiếu hoặc lặp.", "The COSE tag is missing or doubled."),
    _note("N|ALG", "Thuật toán chỉ ghi ở phần không được ký; khóa tin cậy đã xác định nó.",
          "The algorithm stands only in the unsigned header; the trusted key settles it."),
    _note("N|KID", "Mã khóa chỉ ghi ở phần không được ký.", "The key id stands only in the unsigned header."),
    _note("N|KD2", "Hai mã khóa khác nhau; dùng mã ở phần được ký.",
          "Two key ids differ; the signed one was used."),
    _note("N|LEN", "Mã khóa không đủ 8 byte.", "The key id is not 8 bytes long."),
    _note("N|P384", "Ký bằng đường cong P-384 dưới tên ES256.", "Signed on curve P-384 under the name ES256."),
    _note("N|SEC", "Thời điểm cấp hoặc hết hạn có phần lẻ của giây.",
          "The time of issue or expiry is not a whole number of seconds."),
    _note("N|IAT", "Không ghi thời điểm cấp.", "The time of issue is missing."),
    _note("N|ISS", "Nơi cấp không ghi bằng mã nước hai chữ.", "The issuer is not a two-letter country code."),
    _note("N|CTY", "Nước trong danh sách tin cậy khác nước ghi trong mã.",
          "The trust list's country differs from the issuer in the code."),
    _note("N|EARLY", "Cấp trước ngày hiệu lực của chứng thư nơi ký.",
          "Issued before the signer's own certificate became valid."),
    _note("N|LATE", "Hạn dài hơn hạn chứng thư của nơi ký.",
          "It expires after the signer's own certificate does."),
    _note("N|NUL", "Có mục để trống (null) và đã bỏ qua.", "Empty (null) groups were left out."),
    _note("N|DOB", "Ngày sinh thiếu hoặc không đủ ngày, tháng.", "The date of birth is absent or partial."),
    _note("N|DAT", "Có ngày kèm giờ; chỉ dùng phần ngày.", "A date carries a time; only the date is used."),
    _note("N|NUM", "Số mũi ghi bằng số thập phân hoặc ngoài 1 đến 9.",
          "A dose number is a decimal fraction or outside 1 to 9."),
    _note("N|NFC", "Chữ có dấu viết dạng tổ hợp hoặc có khoảng trắng thừa; đã chuẩn hóa.",
          "Text was not in normal form or had white space around it; it was normalised."),
    _note("N|REV", "Chưa đối chiếu danh sách thu hồi.", "No revocation list was consulted."),
    _note("N|VAL", "Có mã không nằm trong bộ mã.", "A code is in none of the value sets."),
    _note("N|PRD", "Hãng hoặc loại vắc xin ghi trong mã không phải của sản phẩm này.",
          "The maker or vaccine type is not that of the product."),
    _note("N|EXT", "Có mục ngoài chuẩn; đã giữ nguyên.", "There are keys outside the schema; they were kept."),
)  # fmt: skip

CODES: dict[str, Code] = {entry.code: entry for entry in _ALL}


def words(code: str) -> dict[str, str]:
    """The Vietnamese and English sentence of a code; KeyError for a code that does not exist."""
    return CODES[code].words
