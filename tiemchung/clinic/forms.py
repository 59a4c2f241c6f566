"""What a nurse fills in. The forms only gather; whether it can be true or may be done is said by the domains."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tiemchung.campaigns.priority_groups import priority_groups
from tiemchung.campaigns.screening_questions import Question
from tiemchung.clinic.words import OUTCOMES, products
from tiemchung.ground import clock
from tiemchung.look.words import said
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError
from tiemchung.visits.models import Visit

SEXES = [("female", _("Nữ")), ("male", _("Nam"))]
ARMS = [("left", _("Tay trái")), ("right", _("Tay phải"))]
YES_NO = [("no", _("Không")), ("yes", _("Có"))]
OTHERS = 16  # the last priority group: whom the others do not name


def _needed(message: Any) -> dict[str, Any]:
    return {"required": message, "invalid": message, "invalid_choice": message}


class ScanForm(forms.Form):
    """A code that was scanned, or a number that was typed."""

    text = forms.CharField(
        label=_("Mã vừa đọc, hoặc gõ số căn cước"),
        max_length=2000,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "text"}),
        error_messages=_needed(_("Chưa có mã. Quét mã QR, hoặc gõ 12 số căn cước.")),
    )


class CheckInForm(forms.Form):
    """What the confirming page sends along; a nurse types nothing."""

    session_id = forms.UUIDField()
    visit_id = forms.UUIDField()
    way = forms.ChoiceField(choices=Visit.Way.choices)


class LetGoForm(forms.Form):
    """What a tile sends along."""

    observation_id = forms.UUIDField()


class ScreeningForm(forms.Form):
    """Signs, a radio for each question without a default, and the outcome."""

    screening_id = forms.UUIDField(widget=forms.HiddenInput)
    temperature = forms.CharField(label=_("Nhiệt độ"), required=False)
    blood_pressure = forms.CharField(label=_("Huyết áp"), required=False)
    pulse = forms.CharField(label=_("Mạch"), required=False)
    outcome = forms.ChoiceField(
        label=_("Kết luận"),
        choices=[(value, word) for value, _state, word, _follows in OUTCOMES],
        error_messages=_needed(_("Chưa chọn kết luận. Xem gợi ý rồi chọn một mức.")),
    )

    def __init__(self, *args: Any, asked: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in asked:
            self.fields[question.code] = forms.CharField(label=said(question), required=False, max_length=3)
        self.asked = asked

    def answers(self) -> dict[str, str]:
        """The answers as far as they are given, whether or not the form is whole."""
        given = {question.code: self.data.get(question.code, "") for question in self.asked}
        return {code: answer for code, answer in given.items() if answer in ("yes", "no")}


class InjectionForm(forms.Form):
    """The vial and the arm; the id makes sending twice harmless."""

    dose_id = forms.UUIDField(widget=forms.HiddenInput)
    lot_number = forms.CharField(
        label=_("Số lô"), max_length=40, error_messages=_needed(_("Chưa có số lô. Gõ như trên lọ."))
    )
    arm = forms.ChoiceField(
        label=_("Tiêm vào"),
        choices=ARMS,
        widget=forms.RadioSelect,
        initial="left",
        error_messages=_needed(_("Chưa chọn tay. Chọn tay trái hoặc tay phải.")),
    )


class EndForm(forms.Form):
    """How an observation ended otherwise than well."""

    observation_id = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("Có chuyện gì?"),
        choices=[("reaction", _("Có phản ứng")), ("left_early", _("Về sớm"))],
        widget=forms.RadioSelect,
        error_messages=_needed(_("Chưa chọn. Chọn Có phản ứng hoặc Về sớm.")),
    )
    note = forms.CharField(
        label=_("Ghi chú"),
        max_length=500,
        required=False,
        help_text=_("Dấu hiệu, phút thứ mấy, đã xử trí gì."),
        widget=forms.Textarea({"rows": 3}),
    )

    def clean_note(self) -> str:
        note = str(self.cleaned_data["note"])
        if self.cleaned_data.get("outcome") == "reaction" and not note.strip():
            raise ValidationError(_("Chưa ghi phản ứng. Ghi dấu hiệu và lúc bắt đầu."))
        return note


class PersonForm(forms.Form):
    """Somebody who came without registering."""

    person_id = forms.UUIDField(widget=forms.HiddenInput)
    full_name = forms.CharField(
        label=_("Họ và tên"),
        max_length=250,
        help_text=_("Đủ dấu, như trên căn cước."),
        error_messages=_needed(_("Chưa có họ tên. Gõ như trên căn cước.")),
    )
    birth_date = forms.CharField(
        label=_("Ngày sinh"),
        max_length=20,
        help_text=_("Ví dụ 03/09/1967. Chỉ biết năm thì ghi năm."),
        error_messages=_needed(_("Chưa có ngày sinh. Gõ như mẫu 03/09/1967.")),
    )
    sex = forms.ChoiceField(
        label=_("Giới tính"),
        choices=SEXES,
        widget=forms.RadioSelect,
        error_messages=_needed(_("Chưa chọn giới tính. Chọn Nam hoặc Nữ.")),
    )
    identity_number = forms.CharField(
        label=_("Số căn cước, CMND hoặc hộ chiếu"),
        max_length=40,
        required=False,
        help_text=_("Chưa có giấy tờ thì để trống."),
    )
    phone = forms.CharField(
        label=_("Số điện thoại"), max_length=30, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    address = forms.CharField(label=_("Địa chỉ"), max_length=250, required=False)
    priority_group = forms.ChoiceField(label=_("Nhóm ưu tiên"), initial=OTHERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [(str(group.number), f"{group.number}. {said(group)}") for group in priority_groups()]
        self.fields["priority_group"] = forms.ChoiceField(label=_("Nhóm ưu tiên"), choices=groups, initial=str(OTHERS))


class IdentityForm(forms.Form):
    """What the population side compares, as the card in hand has it."""

    full_name = forms.CharField(
        label=_("Họ và tên"),
        max_length=250,
        error_messages=_needed(_("Chưa có họ tên. Gõ như trên căn cước.")),
    )
    birth_date = forms.CharField(
        label=_("Ngày sinh"),
        max_length=20,
        error_messages=_needed(_("Chưa có ngày sinh. Gõ như mẫu 03/09/1967.")),
    )
    sex = forms.ChoiceField(
        label=_("Giới tính"),
        choices=SEXES,
        widget=forms.RadioSelect,
        error_messages=_needed(_("Chưa chọn giới tính. Chọn Nam hoặc Nữ.")),
    )
    identity_number = forms.CharField(label=_("Số căn cước, CMND hoặc hộ chiếu"), max_length=40, required=False)


class LateListForm(forms.Form):
    """A list of doses that this site gave and wrote on paper."""

    file = forms.FileField(
        label=_("Tệp CSV"),
        help_text=_(
            "Cột: number, name, birth_date, product, lot, injected_on; nếu biết thì thêm injected_time, dose_number. "
            "Nhiều nhất 5.000 dòng, 2 MB."
        ),
        error_messages={
            "required": _("Chưa có tệp. Chọn tệp CSV."),
            "empty": _("Tệp không có gì. Chọn tệp khác."),
        },
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )


class LateDoseForm(forms.Form):
    """A dose that this site gave and wrote on paper."""

    dose_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Mã của người đã tiêm, hoặc số căn cước"),
        max_length=2000,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages=_needed(_("Chưa có người đã tiêm. Quét mã, hoặc gõ số căn cước.")),
    )
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
        label=_("Giờ tiêm"),
        required=False,
        help_text=_("Không rõ thì để trống."),
        error_messages=_needed(_("Chưa đọc được giờ. Gõ như mẫu 08:50.")),
    )
    stated_number = forms.IntegerField(
        label=_("Mũi số, theo phiếu"),
        required=False,
        min_value=1,
        max_value=9,
        error_messages=_needed(_("Mũi số là một số từ 1 đến 9. Không rõ thì để trống.")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"] = forms.ChoiceField(
            label=_("Vắc xin"), choices=[("", "…"), *products()], error_messages=self.fields["product"].error_messages
        )

    def clean_injected_on(self) -> date:
        try:
            read = PartialDate.parse(self.cleaned_data["injected_on"], clock.today())
        except InputError as error:
            raise ValidationError(said(error)) from error
        if read.precision != "day":
            raise ValidationError(_("Cần đủ ngày, tháng, năm. Gõ như mẫu 10/03/2022."))
        return read.first_day

    def injected_at(self) -> datetime:
        """Day and hour in Viet Nam; noon when the hour is not known."""
        hour = self.cleaned_data["injected_time"] or time(12)
        at = datetime.combine(self.cleaned_data["injected_on"], hour, clock.VIETNAM)
        unknown_today = self.cleaned_data["injected_time"] is None and at.date() == clock.today()
        return min(at, clock.now()) if unknown_today else at


class TallyForm(forms.Form):
    """How many doses of a product a session gave, counted on paper."""

    tally_id = forms.UUIDField(widget=forms.HiddenInput)
    session_id = forms.UUIDField(widget=forms.HiddenInput)
    product = forms.CharField(widget=forms.HiddenInput, max_length=10)
    doses = forms.IntegerField(
        label=_("Số mũi đã tiêm"),
        error_messages=_needed(_("Chưa có số mũi. Đếm trên phiếu rồi gõ một số.")),
    )


class ReceiptForm(forms.Form):
    """Vaccine that has come to the site."""

    movement_id = forms.UUIDField(widget=forms.HiddenInput)
    product = forms.ChoiceField(label=_("Vắc xin"))
    lot_number = forms.CharField(
        label=_("Số lô"), max_length=40, error_messages=_needed(_("Chưa có số lô. Gõ như trên hộp."))
    )
    expires_on = forms.CharField(
        label=_("Hạn dùng"),
        max_length=20,
        help_text=_("Ví dụ 31/08/2022."),
        error_messages=_needed(_("Chưa có hạn dùng. Gõ như mẫu 31/08/2022.")),
    )
    doses = forms.IntegerField(label=_("Số liều"), error_messages=_needed(_("Chưa có số liều. Đếm rồi gõ một số.")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"] = forms.ChoiceField(label=_("Vắc xin"), choices=products())

    def clean_expires_on(self) -> date:
        try:
            read = PartialDate.parse(self.cleaned_data["expires_on"])
        except InputError as error:
            raise ValidationError(said(error)) from error
        return read.last_day  # a vial marked with a month alone keeps to the end of it
