"""How does the API say that something cannot be done? One table for all endpoints."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tiemchung.ground.errors import RefusedError, TooManyError, http_status


class Refusal(Schema):
    """What is wrong: a code for machines, the field to mend, and why and how in both languages."""

    code: str
    field: str
    vi: str
    en: str


def install(api: NinjaAPI) -> None:
    """Let every error of this API be answered in the one form."""

    @api.exception_handler(RefusedError)
    def refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
        response = api.create_response(request, error.as_json(), status=http_status(error))
        if isinstance(error, TooManyError):
            response["Retry-After"] = str(error.retry_after)
        return response

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return api.create_response(request, _unreadable(_field(error.errors)), status=422)

    @api.exception_handler(HttpError)
    def plain(request: HttpRequest, error: HttpError) -> HttpResponse:
        answer = _refused_by_browser_rules() if error.status_code == 403 else _unreadable("body")
        return api.create_response(request, answer, status=error.status_code)

    @api.exception_handler(AuthenticationError)
    def stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return api.create_response(request, _sign_in_first(), status=401)

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return api.create_response(request, _too_big(), status=413)


def _field(errors: list[dict[str, Any]]) -> str:
    """The place of the first error, as the sender named it."""
    path = [str(part) for part in errors[0]["loc"]] if errors else []
    return ".".join(part for part in path if part not in ("body", "payload"))


def _unreadable(field: str) -> dict[str, str]:
    return {
        "code": "request_unreadable",
        "field": field,
        "vi": f"Chưa đọc được mục «{field}». Sửa theo tài liệu API rồi gửi lại.",
        "en": f"“{field}” cannot be read. Correct it by the API document and send it again.",
    }


def _sign_in_first() -> dict[str, str]:
    return {"code": "sign_in_first", "field": "", "vi": "Xin đăng nhập trước.", "en": "Please sign in first."}


def _refused_by_browser_rules() -> dict[str, str]:
    return {
        "code": "csrf",
        "field": "X-CSRFToken",
        "vi": "Thiếu mã bảo vệ của phiên. Đăng nhập lại rồi gửi lại.",
        "en": "The CSRF token is missing or old. Sign in again and send it with the header X-CSRFToken.",
    }


def _too_big() -> dict[str, str]:
    return {
        "code": "request_too_big",
        "field": "body",
        "vi": "Gói gửi lớn quá 2 MB. Chia ra rồi gửi lại.",
        "en": "The request is larger than 2 MB. Send it in parts.",
    }
