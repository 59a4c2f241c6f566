"""What those who administer accounts fill in. The forms only gather; what may be done is said by `accounts.policy`."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tiemchung.accounts import policy
from tiemchung.accounts.models import Account
from tiemchung.accounts.roles import AT_FACILITY, IN_AREA, Role
from tiemchung.accounts.states import Standing
from tiemchung.office.pages import whole_day
from tiemchung.places.models import Area, Facility

DAY_HINT = _("Ví dụ 31/12/2022. Bỏ trống nếu không có.")
NO_FACILITY = _("Không có cơ sở mang mã này. Xem lại mã.")
NO_AREA = _("Không có địa bàn mang mã này. Xem lại mã.")
INCOMPLETE = _("Ngày chưa đủ. Gõ như mẫu 31/12/2022.")


def roles_of(by: Account) -> list[tuple[str, str]]:
    """The roles that the account administers, by code and word, in the order of the table of roles."""
    administered = policy.roles_administered(by)
    return [(role.value, str(role.label)) for role in Role if role in administered]


class DayField(forms.CharField):
    """A day as people write it; none when it may be left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        return whole_day(written, INCOMPLETE) if written else None


class SearchForm(forms.Form):
    """Sent by POST: a name never stands in an address."""

    text = forms.CharField(label=_("Tên người hoặc tên tài khoản"), max_length=60, required=False)
    role = forms.ChoiceField(label=_("Vai trò"), required=False)
    standing = forms.ChoiceField(label=_("Trạng thái"), required=False)
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("role", roles_of(by)), ("standing", Standing.choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Tất cả")), *choices]


class StaffForm(forms.Form):
    """Who it is, what for, and where. A facility and an area are named by their codes."""

    display_name = forms.CharField(
        label=_("Họ tên"), max_length=120, error_messages={"required": _("Chưa có họ tên. Ghi họ tên.")}
    )
    role = forms.ChoiceField(label=_("Vai trò"), error_messages={"required": _("Chưa chọn vai trò. Chọn một.")})
    facility = forms.CharField(
        label=_("Mã cơ sở tiêm chủng"),
        max_length=20,
        required=False,
        help_text=_("Cho nhân viên tiêm, bác sĩ, nhập liệu, trưởng cơ sở."),
    )
    area = forms.CharField(
        label=_("Mã địa bàn"),
        max_length=5,
        required=False,
        help_text=_("Xã 5 số, huyện 3 số, tỉnh 2 số; cho vai trò gắn với địa bàn."),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    expires_on = DayField(label=_("Ngày dùng cuối cùng"), required=False, help_text=DAY_HINT)

    def __init__(self, *args: Any, by: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._drop_what_is_fixed(by)

    def _drop_what_is_fixed(self, by: Account) -> None:
        """Who administers one facility is not asked which; who has no roles of an area is not asked for one."""
        roles = policy.roles_administered(by)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = roles_of(by)
        self._fixed = Facility.objects.get(id=by.facility_id) if by.facility_id else None
        if self._fixed or not roles & set(AT_FACILITY):
            del self.fields["facility"]
        if not roles & set(IN_AREA):
            del self.fields["area"]

    def clean_facility(self) -> Facility | None:
        code = self.cleaned_data["facility"].strip()
        return (
            _found(Facility.objects.filter(code=code), _("Không có cơ sở mang mã này. Xem lại mã.")) if code else None
        )

    def clean_area(self) -> Area | None:
        code = self.cleaned_data["area"].strip()
        return _found(Area.objects.filter(code=code), NO_AREA) if code else None

    def said(self) -> dict[str, Any]:
        """What the actions take."""
        facility = self._fixed or self.cleaned_data.get("facility")
        area = self.cleaned_data.get("area")
        return {
            "display_name": self.cleaned_data["display_name"].strip(),
            "role": Role(self.cleaned_data["role"]),
            "facility_id": facility.id if facility else None,
            "area_code": area.code if area else None,
            "expires_on": self.cleaned_data["expires_on"],
        }


class OpenForm(StaffForm):
    """A new account."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        help_text=_("Chữ thường không dấu, số, dấu chấm, gạch. Ví dụ: lo.thi.mai"),
        error_messages={"required": _("Chưa có tên đăng nhập. Ghi một tên.")},
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("display_name", "username", "role", "facility", "area", "expires_on")

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()


class _WithSuccessor(forms.Form):
    successor = forms.ModelChoiceField(
        label=_("Người nhận việc đang mở"), queryset=Account.objects.none(), required=False, empty_label=_("Không ai")
    )

    def __init__(self, *args: Any, successors: QuerySet[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["successor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = successors


class LeaveForm(_WithSuccessor):
    """A leave, both days included."""

    begins_on = DayField(
        label=_("Nghỉ từ ngày"), error_messages={"required": _("Chưa có ngày. Ghi ngày bắt đầu nghỉ.")}
    )
    ends_on = DayField(label=_("Đến hết ngày"), required=False, help_text=DAY_HINT)
    field_order = ("begins_on", "ends_on", "successor")


class CloseForm(_WithSuccessor):
    """The first day that an account is closed."""

    on = DayField(label=_("Đóng từ ngày"), error_messages={"required": _("Chưa có ngày. Ghi ngày đóng.")})
    field_order = ("on", "successor")


class ListForm(forms.Form):
    """A list of staff."""

    file = forms.FileField(
        label=_("Tệp CSV"),
        help_text=_("Cột: username, name, role, facility, area, expires_on. Nhiều nhất 20.000 dòng, 4 MB."),
        error_messages={
            "required": _("Chưa có tệp. Chọn tệp CSV."),
            "empty": _("Tệp không có gì. Chọn tệp khác."),
        },
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )
    take = forms.ChoiceField(
        label=_("Khi có dòng sai"),
        choices=[("all", _("Không mở tài khoản nào")), ("good", _("Mở các dòng đúng, báo các dòng sai"))],
        widget=forms.RadioSelect,
        initial="all",
    )
    new_codes = forms.BooleanField(label=_("Cấp lại mã cho người chưa kích hoạt"), required=False)
    codes = forms.ChoiceField(
        label=_("Mã kích hoạt"),
        choices=[("page", _("Hiện trên trang để in")), ("file", _("Tải về tệp CSV"))],
        widget=forms.RadioSelect,
        initial="page",
    )


def _found(among: QuerySet[Any], otherwise: Any) -> Any:
    found = among.first()
    if found is None:
        raise forms.ValidationError(otherwise)
    return found
