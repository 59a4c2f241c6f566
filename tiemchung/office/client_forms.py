"""What is filled in for a program of others."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiemchung.accounts import clients
from tiemchung.accounts.models import Account
from tiemchung.office.staff_forms import StaffForm

ENDPOINTS = {
    "api:events": _("Gửi những gì xảy ra ở điểm tiêm"),
    "api:sessions-today": _("Đọc các buổi tiêm hôm nay"),
    "api:checkin-scan": _("Tìm người theo mã đã quét"),
}


class ClientForm(StaffForm):
    """A program: its account, whom to call, where it may come, how often."""

    username = forms.CharField(
        label=_("Tên chương trình trong hệ thống"),
        max_length=60,
        help_text=_("Chữ thường không dấu, số, dấu chấm, gạch. Ví dụ: his.bachmai"),
        error_messages={"required": _("Chưa có tên. Ghi một tên.")},
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    contact = forms.CharField(
        label=_("Người liên hệ"),
        max_length=200,
        help_text=_("Tên và số gọi được khi chương trình chạy sai."),
        error_messages={"required": _("Chưa có người liên hệ. Ghi tên và số gọi được.")},
    )
    pages = forms.MultipleChoiceField(
        label=_("Được gọi"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chưa chọn địa chỉ nào. Chọn ít nhất một.")},
    )
    per_minute = forms.IntegerField(label=_("Lượt mỗi phút"), min_value=1, max_value=100_000, initial=60)
    per_day = forms.IntegerField(label=_("Lượt mỗi ngày"), min_value=1, max_value=10_000_000, initial=5000)
    field_order = (
        "display_name", "username", "contact", "role", "facility", "area", "pages", "per_minute", "per_day",
    )  # fmt: skip

    def __init__(self, *args: Any, by: Account, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.fields["display_name"].label = _("Chương trình, đơn vị")
        del self.fields["expires_on"]
        field = self.fields["pages"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(page, ENDPOINTS.get(page, page)) for page in clients.endpoints()]

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()

    def said(self) -> dict[str, Any]:
        """What the action takes."""
        self.cleaned_data["expires_on"] = None
        said = super().said()
        del said["expires_on"]
        return said | {name: self.cleaned_data[name] for name in ("contact", "pages", "per_minute", "per_day")}
