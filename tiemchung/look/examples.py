"""Invented people, places and figures for the gallery."""

from __future__ import annotations

from datetime import date, timedelta
from math import sin
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tiemchung.look import words
from tiemchung.look.tile_map import tiles
from tiemchung.look.trend import Day


class ExampleForm(forms.Form):
    """A form in which one field is wrong."""

    name = forms.CharField(label=_("Họ và tên"), help_text=_("Đủ dấu, như trên căn cước"))
    number = forms.CharField(label=_("Số căn cước"))
    born = forms.CharField(
        label=_("Ngày sinh"), required=False, help_text=_("Ngày/tháng/năm, ví dụ 05/09/1953. Chỉ nhớ năm thì gõ năm.")
    )
    sex = forms.ChoiceField(
        label=_("Giới tính"), required=False, widget=forms.RadioSelect, choices=[("F", _("Nữ")), ("M", _("Nam"))]
    )
    group = forms.ChoiceField(label=_("Nhóm ưu tiên"), required=False, choices=[("", "—"), ("9", _("Từ 65 tuổi"))])
    agree = forms.BooleanField(label=_("Tôi đồng ý tiêm"), required=False)

    def clean_number(self) -> str:
        """Refuse a short number the way every field does: what is wrong, then the cure."""
        number: str = self.cleaned_data["number"]
        if len(number) != 12:
            raise ValidationError(gettext("Mới có 10 số, cần đủ 12. Quét mã QR trên thẻ để khỏi gõ."))
        return number


def gallery_context() -> dict[str, Any]:
    """Return what the gallery shows."""
    form = ExampleForm({"name": "Lê Thị Sáu", "number": "0361530014"})
    form.is_valid()
    return {
        "form": form,
        "rungs": _rungs(),
        "yes_no": [("no", gettext("Không")), ("yes", gettext("Có"))],
        "outcomes": _outcomes(),
        "ends_at": (timezone.now() + timedelta(minutes=12)).isoformat(),
        "code": "HC1:" + "MAU CHU THU, KHONG PHAI HO CHIEU. " * 9,
        "days": _days(),
        "coverage": {tile.code: 0.76 + (int(tile.code) * 37 % 24) / 100 for tile in tiles()},
        "incomplete": ["12", "62", "95"],
        "latin": "NGUYEN<<THI<THU<HANH",
        "other_words": _other_words(),
    }


def _outcomes() -> list[tuple[str, str, str, str]]:
    return [
        ("eligible", "ok", gettext("Đủ điều kiện"), gettext("Tiêm")),
        ("caution", "caution", gettext("Thận trọng"), gettext("Tiêm, theo dõi kỹ")),
        ("postponed", "wait", gettext("Trì hoãn"), gettext("Hẹn ngày khác")),
        ("contraindicated", "stop", gettext("Chống chỉ định"), gettext("Không tiêm vắc xin này")),
    ]


def _other_words() -> dict[str, str]:
    english = {"ok": "Valid", "stop": "Not valid", "unknown": "Could not tell"}
    vietnamese = {"ok": "Hợp lệ", "stop": "Không hợp lệ", "unknown": "Chưa kết luận được"}
    return english if words.vietnamese() else vietnamese


def _days() -> list[Day]:
    first, busy = date(2022, 3, 14), (0.9, 1.0, 1.1, 1.05, 1.0, 0.95, 0.6)
    waves = [1_000_000 + 250_000 * sin(at / 9) for at in range(60)]
    return [
        Day(first + timedelta(days=at), int(wave * busy[at % 7]), complete=at < 59) for at, wave in enumerate(waves)
    ]


def _rungs() -> list[dict[str, Any]]:
    rows = [
        (gettext("Đã tiêm"), 215_900_000, gettext("Điểm tiêm báo cuối mỗi buổi"), ""),
        (gettext("Đã nhập"), 207_400_000, gettext("Có dòng trong sổ mũi tiêm"), gettext("chưa nhập")),
        (gettext("Đã xác thực"), 138_200_000, gettext("Đúng người theo dữ liệu dân cư"), gettext("chưa xác thực đúng")),
        (gettext("Đã ký"), 71_600_000, gettext("Đủ để cấp hộ chiếu"), gettext("chờ ký")),
    ]
    names = ("name", "count", "definition", "missing")
    return [dict(zip(names, row, strict=True)) for row in rows]
