"""What a citizen fills in. The forms only gather; whether it can be true is said by people and campaigns."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from tiemchung.campaigns.models import Registration
from tiemchung.campaigns.priority_groups import priority_groups
from tiemchung.campaigns.screening_questions import REGISTRATION, Question, questions
from tiemchung.healthbook import countries, residence
from tiemchung.healthbook.asking import in_english
from tiemchung.look.words import said
from tiemchung.people.models import Relation
from tiemchung.people.statement import Statement
from tiemchung.vietnam.dates import PartialDate
from tiemchung.vietnam.errors import InputError

RELATIONS = [
    (Relation.SELF, _("Tôi")),
    (Relation.SPOUSE, _("Vợ, chồng")),
    (Relation.CHILD, _("Con")),
    (Relation.PARENT, _("Cha, mẹ")),
    (Relation.OTHER, _("Người thân khác")),
]
SEXES = [("female", _("Nữ")), ("male", _("Nam"))]
PARTS_OF_DAY = [("morning", _("Sáng")), ("afternoon", _("Chiều")), ("any", _("Cả ngày"))]
ANSWERS = [("no", _("Không")), ("yes", _("Có")), ("unknown", _("Không rõ"))]
STATED = ("full_name", "birth_date", "sex", "phone", "residence_code", "address", "nationality", "insurance_number")


def _required(message: Any) -> dict[str, Any]:
    return {"required": message, "invalid_choice": message}


class SignUpForm(forms.Form):
    """A new account: the phone number is its name."""

    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=40,
        help_text=_("Tin nhắn mời tiêm gửi về số này. Số này cũng dùng để đăng nhập."),
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        error_messages=_required(_("Chưa có số điện thoại. Ghi số di động đang dùng.")),
    )
    display_name = forms.CharField(
        label=_("Tên thường gọi"),
        max_length=60,
        help_text=_("Ví dụ Hạnh. Họ tên đầy đủ sẽ hỏi ở bước sau."),
        widget=forms.TextInput({"autocomplete": "given-name"}),
        error_messages=_required(_("Chưa có tên. Ghi tên thường gọi.")),
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=128,
        strip=False,
        help_text=_("Ít nhất 8 ký tự."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages=_required(_("Chưa có mật khẩu. Đặt ít nhất 8 ký tự.")),
        validators=[validate_password],
    )


class CodeForm(forms.Form):
    """The code that was sent to the phone."""

    code = forms.CharField(
        label=_("Mã trong tin nhắn"),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages=_required(_("Chưa có mã. Ghi 6 số trong tin nhắn.")),
    )


class ScanForm(forms.Form):
    """The text of an ID card's code, read by the camera, from a picture, or by a keyboard scanner."""

    code = forms.CharField(
        label=_("Mã vừa đọc"),
        max_length=4296,
        strip=True,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages=_required(_("Chưa quét được mã nào. Giữ mã trong khung và đủ sáng.")),
    )


class IdentityForm(forms.Form):
    """Who a person is, as on the ID card."""

    full_name = forms.CharField(
        label=_("Họ và tên"),
        max_length=250,
        help_text=_("Đủ dấu, như trên căn cước."),
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages=_required(_("Chưa có họ tên. Ghi như trên căn cước.")),
    )
    birth_date = forms.CharField(
        label=_("Ngày sinh"),
        max_length=40,
        help_text=_("Ngày/tháng/năm, ví dụ 05/09/1953. Chỉ nhớ năm thì ghi năm."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
        error_messages=_required(_("Chưa có ngày sinh. Chỉ nhớ năm thì ghi năm.")),
    )
    sex = forms.ChoiceField(
        label=_("Giới tính"),
        choices=SEXES,
        widget=forms.RadioSelect,
        error_messages=_required(_("Chưa chọn giới tính. Chọn Nam hoặc Nữ.")),
    )
    nationality = forms.ChoiceField(label=_("Quốc tịch"), initial=countries.HOME)
    identity_number = forms.CharField(
        label=_("Số căn cước, CMND hoặc hộ chiếu"),
        required=False,
        max_length=60,
        help_text=_("Trẻ em ghi mã định danh. Chưa được cấp thì để trống."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nationality"].choices = countries.choices("en" if in_english() else "vi")  # type: ignore[attr-defined]


def _asks_for_lists() -> forms.Select:
    """A select whose change brings the lists below it anew, where the browser runs scripts."""
    return forms.Select(
        {
            "hx-get": reverse_lazy("healthbook:areas"),
            "hx-include": "#noi-o",
            "hx-target": "#noi-o",
            "hx-swap": "outerHTML",
        }
    )


class PersonForm(IdentityForm):
    """Who a person is, how to reach him, where he lives."""

    relation = forms.ChoiceField(label=_("Đăng ký cho ai"), choices=RELATIONS, initial=Relation.SELF)
    phone = forms.CharField(
        label=_("Số điện thoại"),
        required=False,
        max_length=40,
        help_text=_("Một số điện thoại dùng được cho cả nhà."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "tel"}),
    )
    insurance_number = forms.CharField(
        label=_("Số thẻ bảo hiểm y tế"),
        required=False,
        max_length=40,
        help_text=_("Chưa có thì để trống."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    province_code = forms.ChoiceField(
        label=_("Tỉnh, thành phố"),
        widget=_asks_for_lists(),
        error_messages=_required(_("Chưa chọn tỉnh. Chọn nơi đang ở.")),
    )
    district_code = forms.ChoiceField(
        label=_("Quận, huyện"),
        widget=_asks_for_lists(),
        error_messages=_required(_("Chưa chọn quận, huyện. Chọn nơi đang ở.")),
    )
    residence_code = forms.ChoiceField(
        label=_("Phường, xã"), error_messages=_required(_("Chưa chọn phường, xã. Chọn nơi đang ở."))
    )
    address = forms.CharField(
        label=_("Số nhà, đường, thôn"),
        required=False,
        max_length=250,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_areas()

    def _offer_areas(self) -> None:
        source = self.data if self.is_bound else self.initial
        now = residence.chosen(
            {key: str(source.get(key) or "") for key in ("province_code", "district_code", "residence_code")}
        )
        if not self.is_bound:
            self.initial = {**self.initial, **now}
        self._choices("province_code", [("", _("Chọn tỉnh")), *residence.provinces()])
        self._choices("district_code", [("", _("Chọn quận, huyện")), *residence.districts(now["province_code"])])
        self._choices("residence_code", [("", _("Chọn phường, xã")), *residence.communes(now["district_code"])])

    def _choices(self, field: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]


class HealthForm(forms.Form):
    """What a person wishes, and what he has had: each question yes, no or not sure, none answered beforehand."""

    priority_group = forms.TypedChoiceField(
        label=_("Nhóm ưu tiên"),
        coerce=int,
        help_text=_("16 nhóm theo Quyết định 3355/QĐ-BYT."),
        error_messages=_required(_("Chưa chọn nhóm ưu tiên. Chọn một trong 16 nhóm.")),
    )
    wanted_from = forms.CharField(
        label=_("Muốn tiêm từ ngày"),
        required=False,
        max_length=40,
        help_text=_("Ngày nào cũng được thì để trống."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric"}),
    )
    part_of_day = forms.ChoiceField(
        label=_("Buổi"), choices=PARTS_OF_DAY, initial=Registration.PartOfDay.ANY, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, sex: str, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group = self.fields["priority_group"]
        group.choices = [("", _("Chọn nhóm")), *_groups()]  # type: ignore[attr-defined]
        for question in questions(REGISTRATION, on):
            if question.is_asked_of(sex):
                self.fields[f"history.{question.code}"] = _answer(question)

    def asked(self) -> list[forms.BoundField]:
        """The questions, as the page shows them."""
        return [self[name] for name in self.fields if name.startswith("history.")]

    def clean_wanted_from(self) -> str:
        """Read the day as birth dates are read, and give it as yyyy-mm-dd; a month alone begins with its first day."""
        text = self.cleaned_data["wanted_from"].strip()
        try:
            return PartialDate.parse(text, field="wanted_from").first_day.isoformat() if text else ""
        except InputError as error:
            raise forms.ValidationError(said(error)) from error


class ConsentForm(forms.Form):
    """That he agrees."""

    consent = forms.BooleanField(
        label=_("Tôi đã đọc và đồng ý tiêm"),
        error_messages=_required(_("Chưa có đồng ý tiêm. Đọc phiếu rồi đánh dấu vào ô này.")),
    )


def statement_of(data: dict[str, Any]) -> Statement:
    """Make the statement that a filled form amounts to. Raises InvalidInputError as `Statement`."""
    stated = {field: str(data.get(field) or "") for field in STATED if field in data}
    number = str(data.get("identity_number") or "").strip()
    foreign = stated.get("nationality", countries.HOME) != countries.HOME
    numbers = (("foreign_passport" if foreign else None, number),) if number else ()
    return Statement(identity_numbers=numbers, **stated)


def _groups() -> list[tuple[int, str]]:
    english = in_english()
    return [(group.number, f"{group.number}. {group.en if english else group.vi}") for group in priority_groups()]


def _answer(question: Question) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=said(question),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages=_required(_("Câu này chưa trả lời. Chọn Có, Không hoặc Không rõ.")),
    )
