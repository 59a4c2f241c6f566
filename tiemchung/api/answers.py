"""Every refusal under /api/ has one form, whoever refused: the framework's pages are for people."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

WORDS = {
    400: ("request_unreadable", "Chưa đọc được yêu cầu. Sửa theo tài liệu API.", "Unreadable. See the API document."),
    403: ("not_allowed", "Không được làm việc này ở đây.", "This may not be done here."),
    404: ("not_found", "Không có địa chỉ này. Xem tài liệu API.", "There is no such address. See the API document."),
    405: ("method", "Địa chỉ này không nhận cách gọi đó. Xem tài liệu API.", "Not by that method. See the document."),
    500: ("broken", "Máy chủ gặp lỗi. Gửi lại sau, hai lần không sao.", "Our fault. Send it later; twice is harmless."),
}  # fmt: skip


class JsonRefusalsMiddleware:
    """What refuses a call in another form than JSON is said anew; status and headers that help stay."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith("/api/") or response.status_code < 400 or _is_json(response):
            return response
        return _anew(response)


def _is_json(response: HttpResponse) -> bool:
    return response.get("Content-Type", "").startswith("application/json")


def _anew(response: HttpResponse) -> HttpResponse:
    code, vi, en = WORDS.get(response.status_code, WORDS[500 if response.status_code >= 500 else 400])
    said = JsonResponse({"code": code, "field": "", "vi": vi, "en": en}, status=response.status_code)
    for name in ("Allow", "Retry-After"):
        if name in response:
            said[name] = response[name]
    return said
