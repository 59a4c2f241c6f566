"""What somebody fills in who answers a complaint."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiemchung.complaints.reasons import reasons
from tiemchung.ground import clock
from tiemchung.look.words import said
from tiemchung.office.forms import products
from tiemchung.office.pages import whole_day

SEXES = [("male", _("Nam")), ("female", _("Nữ"))]


class RefusalForm(forms.Form):
    """One of the thirteen grounds."""

    reason = forms.ChoiceField(
        label=_("Lý do"), error_messages={"required": _("Chưa chọn lý do. Chọn một trong mười ba lý do.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "…"), *((reason.code, said(reason)) for reason in reasons().values())]


class LateEntryForm(forms.Form):
    """The missing dose, as on the paper in the photo."""

    product = forms.ChoiceField(label=_("Vắc xin"))
    lot_number = forms.CharField(label=_("Số lô"), max_length=40)
    injected_on = forms.CharField(label=_("Ngày tiêm"), max_length=20, help_text=_("Ví dụ 10/03/2022."))
    injected_time = forms.TimeField(
        label=_("Giờ tiêm"), initial="08:00", error_messages={"invalid": _("Chưa đọc được giờ. Gõ như mẫu 08:50.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["product"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = products()

    def clean_injected_on(self) -> Any:
        return whole_day(self.cleaned_data["injected_on"], _("Cần đủ ngày, tháng, năm. Gõ như mẫu 10/03/2022."))

    def injected_at(self) -> datetime:
        """The moment of the injection, in Viet Nam."""
        data = self.cleaned_data
        return datetime.combine(data["injected_on"], data["injected_time"], clock.VIETNAM)


class PersonForm(forms.Form):
    """The person as on the ID card."""

    full_name = forms.CharField(label=_("Họ tên"), max_length=250)
    birth_date = forms.CharField(label=_("Ngày sinh"), max_length=20)
    sex = forms.ChoiceField(label=_("Giới tính"), choices=SEXES, widget=forms.RadioSelect)
    identity_number = forms.CharField(label=_("Số căn cước"), max_length=40, required=False)
