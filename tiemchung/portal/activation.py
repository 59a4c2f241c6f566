"""The first time: a member of staff chooses a password with the code on the slip that he was given."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tiemchung.accounts import actions_staff
from tiemchung.ground.errors import RefusedError
from tiemchung.look.fields import show_at_field

PLAIN = {"autocapitalize": "none", "spellcheck": "false"}


class ActivationForm(forms.Form):
    """Name, code, and the password twice."""

    username = forms.CharField(
        label=gettext_lazy("Tên tài khoản"),
        max_length=60,
        widget=forms.TextInput(PLAIN | {"autocomplete": "username"}),
        error_messages={"required": gettext_lazy("Chưa có tên. Ghi tên trên phiếu.")},
    )
    code = forms.CharField(
        label=gettext_lazy("Mã kích hoạt"),
        max_length=20,
        help_text=gettext_lazy("Mười ký tự trên phiếu, ví dụ 7KQ2M-9XWPR."),
        widget=forms.TextInput(PLAIN | {"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Chưa có mã. Ghi mã trên phiếu.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Mật khẩu mới"),
        max_length=128,
        strip=False,
        help_text=gettext_lazy("Từ 8 ký tự, chỉ mình bạn biết."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Chưa có mật khẩu. Chọn một mật khẩu.")},
    )
    again = forms.CharField(
        label=gettext_lazy("Ghi lại mật khẩu"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Ghi lại mật khẩu một lần nữa.")},
    )

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or self.cleaned_data
        if "password" in sent and "again" in sent and sent["password"] != sent["again"]:
            self.add_error("again", _("Hai lần ghi chưa giống nhau. Ghi lại."))
        return sent


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Set the password, then lead to the page where everybody signs in."""
    form = ActivationForm(request.POST or None)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            actions_staff.activate(username=sent["username"], code=sent["code"], password=sent["password"])
        except RefusedError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("Đã đặt mật khẩu. Xin đăng nhập."))
            return redirect("portal:sign-in")
    return render(request, "portal/activation.html", {"form": form}, status=422 if form.errors else 200)
