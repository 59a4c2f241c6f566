"""Fields of a certificate in words, for the explanation of a rule."""

from collections.abc import Iterable, Mapping
from typing import Any

from tiemchung.hcert.certlogic import evaluate
from tiemchung.hcert.valuesets import label

_NAMES = {
    "v": ("mục tiêm chủng", "vaccination"),
    "t": ("mục xét nghiệm", "test"),
    "r": ("mục khỏi bệnh", "recovery"),
    "tg": ("bệnh", "disease"),
    "vp": ("loại vắc xin", "vaccine type"),
    "mp": ("vắc xin", "vaccine"),
    "ma": ("nhà sản xuất", "maker"),
    "dn": ("mũi số", "dose number"),
    "sd": ("số mũi của liệu trình", "doses in the series"),
    "dt": ("ngày tiêm", "date of vaccination"),
    "co": ("nước", "country"),
    "is": ("nơi cấp", "issuer"),
    "ci": ("mã chứng nhận", "certificate identifier"),
    "tt": ("loại xét nghiệm", "kind of test"),
    "nm": ("tên xét nghiệm", "name of the test"),
    "sc": ("giờ lấy mẫu", "time of the sample"),
    "tr": ("kết quả xét nghiệm", "test result"),
    "tc": ("nơi xét nghiệm", "test centre"),
    "fr": ("ngày dương tính đầu tiên", "first positive result"),
    "df": ("có giá trị từ ngày", "valid from"),
    "du": ("có giá trị đến ngày", "valid until"),
    "dob": ("ngày sinh", "date of birth"),
    "ver": ("phiên bản", "version"),
    "validationClock": ("thời điểm kiểm tra", "moment of the check"),
    "valueSets": ("bộ mã", "value set"),
}
"""Name of a field → Vietnamese, English."""

_SHOWN_LENGTH = 60


def field_name(path: str, language: str) -> str:
    """Say what a path such as `v.0.mp` is called; a path that has no name stands for itself."""
    parts = [part for part in path.split(".") if part in _NAMES]
    if not parts:
        return path
    return _NAMES[parts[-1]][0 if language == "vi" else 1]


def affected(fields: Iterable[str], payload: Mapping[str, Any], language: str) -> str:
    """Say what the certificate holds in the fields that a rule looked at; nothing when it holds none of them."""
    said = [_said(path, payload, language) for path in fields]
    text = "; ".join(part for part in said if part)
    if not text:
        return ""
    return f" Chứng nhận ghi: {text}." if language == "vi" else f" The certificate says: {text}."


def sentence(text: str) -> str:
    """Close a text with a full stop, unless it ends with a mark of its own."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _said(path: str, payload: Mapping[str, Any], language: str) -> str:
    value = evaluate({"var": path}, payload)
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    shown = label(path.rpartition(".")[2], value, language) if isinstance(value, str) else str(value)
    return f"{field_name(path, language)} {shown[:_SHOWN_LENGTH]}"
