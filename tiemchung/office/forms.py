"""What a facility head fills in. The forms only gather; what may be done is said by the domains."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tiemchung.campaigns.models import Campaign, Session
from tiemchung.doses import course
from tiemchung.doses.models import Dose
from tiemchung.ground import clock
from tiemchung.look.words import vietnamese
from tiemchung.office.pages import whole_day

PARTS = [(Session.Part.MORNING.value, _("Buổi sáng")), (Session.Part.AFTERNOON.value, _("Buổi chiều"))]


def _needed(message: Any) -> dict[str, Any]:
    return {"required": message, "invalid": message, "invalid_choice": message}


def products() -> list[tuple[str, str]]:
    """The products of this country's campaigns, by code and name."""
    known = course.rules().products.values()
    return [(product.code, f"{product.code} ({product.names.vi})") for product in known if product.status == "approved"]


class SessionForm(forms.Form):
    """A session to be held; the id makes sending twice harmless."""

    session_id = forms.UUIDField(widget=forms.HiddenInput)
    campaign_id = forms.TypedChoiceField(
        label=_("Chiến dịch"), error_messages=_needed(_("Chưa chọn chiến dịch. Chọn lại trong danh sách."))
    )
    on = forms.CharField(
        label=_("Ngày tiêm"),
        max_length=20,
        help_text=_("Ví dụ 21/05/2022."),
        error_messages=_needed(_("Chưa có ngày tiêm. Gõ như mẫu 21/05/2022.")),
    )
    part = forms.ChoiceField(
        label=_("Buổi"),
        choices=PARTS,
        widget=forms.RadioSelect,
        initial=Session.Part.MORNING.value,
        error_messages=_needed(_("Chưa chọn buổi. Chọn sáng hoặc chiều.")),
    )
    product = forms.ChoiceField(label=_("Vắc xin"), error_messages=_needed(_("Chưa chọn vắc xin. Chọn một loại.")))
    capacity = forms.IntegerField(
        label=_("Số người nhận được"),
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages=_needed(_("Chưa có số người. Gõ một số.")),
    )

    def __init__(self, *args: Any, campaigns: list[Campaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(one.id), one.name_vi if vietnamese() else one.name_en) for one in campaigns]
        for name, choices in (("campaign_id", offered), ("product", products())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean_on(self) -> date:
        return whole_day(self.cleaned_data["on"], _("Cần đủ ngày, tháng, năm. Gõ như mẫu 21/05/2022."))


class FindDoseForm(forms.Form):
    """Whose doses are looked for."""

    text = forms.CharField(
        label=_("Số căn cước, hoặc mã của người đã tiêm"),
        max_length=2000,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages=_needed(_("Chưa có số. Gõ 12 số căn cước, hoặc quét mã.")),
    )


class CorrectionForm(forms.Form):
    """A dose as it should have been recorded; the id makes sending twice harmless."""

    new_dose_id = forms.UUIDField(widget=forms.HiddenInput)
    product = forms.ChoiceField(label=_("Vắc xin"), error_messages=_needed(_("Chưa chọn vắc xin. Xem trên phiếu.")))
    lot_number = forms.CharField(
        label=_("Số lô"), max_length=40, error_messages=_needed(_("Chưa có số lô. Gõ như trên phiếu."))
    )
    injected_on = forms.CharField(
        label=_("Ngày tiêm"),
        max_length=20,
        help_text=_("Ví dụ 10/03/2022."),
        error_messages=_needed(_("Chưa có ngày tiêm. Gõ như mẫu 10/03/2022.")),
    )
    injected_time = forms.TimeField(
        label=_("Giờ tiêm"), error_messages=_needed(_("Chưa đọc được giờ. Gõ như mẫu 08:50."))
    )

    def __init__(self, *args: Any, dose: Dose, **kwargs: Any) -> None:
        local = clock.local(dose.injected_at)
        stood = {"product": dose.product, "lot_number": dose.lot_number, "injected_on": f"{local:%d/%m/%Y}"}
        kwargs["initial"] = stood | {"injected_time": f"{local:%H:%M}"} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(dict([(dose.product, dose.product), *products()]).items())
        self.dose = dose

    def clean_injected_on(self) -> date:
        return whole_day(self.cleaned_data["injected_on"], _("Cần đủ ngày, tháng, năm. Gõ như mẫu 10/03/2022."))

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.changes():
            raise ValidationError(_("Chưa sửa gì. Sửa một ô rồi ghi, hoặc quay lại."))
        return self.cleaned_data

    def changes(self) -> dict[str, Any]:
        """What differs from the entry, under the ledger's names; a time is compared to the minute."""
        asked = {name: self.cleaned_data[name] for name in ("product", "lot_number")}
        found = {name: value for name, value in asked.items() if value != getattr(self.dose, name)}
        at = self._injected_at()
        stood = clock.local(self.dose.injected_at).replace(second=0, microsecond=0)
        return found if at == stood else found | {"injected_at": at}

    def _injected_at(self) -> datetime:
        hour: time = self.cleaned_data["injected_time"].replace(second=0, microsecond=0)
        return datetime.combine(self.cleaned_data["injected_on"], hour, clock.VIETNAM)


class VoidForm(forms.Form):
    """Why an entry never was a dose."""

    void_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=250,
        help_text=_("Ví dụ: ghi nhầm người, người này hôm đó chưa tiêm."),
        error_messages=_needed(_("Chưa ghi lý do. Ghi vì sao mũi này không có.")),
    )
