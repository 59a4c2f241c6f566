"""Programs of others at the API: whose key is it, may it come here, is its quota left?

A key is `tc_`, eight symbols by which it is found, `_`, and 256 random bits of which only the SHA-256 is kept: a key is
no password, it cannot be guessed, so nothing slower is needed. A program acts by an account of its own, so that scope,
rights and both logs hold for it as for staff.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from tiemchung.accounts import quotas, rights
from tiemchung.accounts.actions_quotas import spend
from tiemchung.accounts.activation import ALPHABET
from tiemchung.accounts.models_access import ApiClient, ApiKey
from tiemchung.accounts.roles import Role
from tiemchung.ground import clock
from tiemchung.ground.errors import NotAllowedError, TooManyError

KEY = re.compile(r"tc_([0-9A-HJKMNP-TV-Z]{8})_([A-Za-z0-9_-]{43})")
LONGEST = timedelta(days=366)  # a key holds; then a new one is fetched
OVERLAP = timedelta(days=7)  # the old key goes on after a new one was made


def new_key() -> tuple[str, str]:
    """A key as it is told once, and the prefix by which it is found."""
    prefix = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"tc_{prefix}_{secrets.token_urlsafe(32)}", prefix


def hash_of(key: str) -> str:
    """What is stored of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def endpoints() -> list[str]:
    """The pages that a program may be let into: those of the API that open for somebody who signed in."""
    table = rights.table().values()
    return sorted(row.page for row in table if row.page.startswith("api:") and row.roles - {rights.ANYONE})


def by_key(key: str) -> ApiClient | None:
    """The client whose key it is, as long as key, client and account hold."""
    written = KEY.fullmatch(key)
    if written is None:
        return None
    known = ApiKey.objects.select_related("client__account").filter(prefix=written[1]).first()
    if known is None or not hmac.compare_digest(known.hashed, hash_of(key)):
        return None
    holds = known.revoked_at is None and known.client.revoked_at is None and known.expires_at > clock.now()
    return known.client if holds and known.client.account.is_active else None


class ApiClientMiddleware:
    """Lets a program in by its key, in the place of somebody who signed in; stands before the table of rights."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Say whose request it is, or refuse it. A key counts under /api/ alone, and there it comes before a cookie.

        Which endpoints it opens is asked beside the table of rights.
        """
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not request.path.startswith("/api/"):
            return None
        client = by_key(key.strip())
        if client is None:
            return _answer(401, KEY_WRONG)
        try:
            spend(by=client.account.id, of=quotas.of_client(client.per_minute, client.per_day))
        except TooManyError as error:
            return _answer(429, error.as_json(), **{"Retry-After": str(error.retry_after)})
        request.user = client.account
        request.api_client = client  # type: ignore[attr-defined]
        return None


def check_may_have(role: Role, pages: list[str]) -> None:
    """Refuse endpoints that do not open for a client's role, which it would only find out later. NotAllowedError."""
    table = rights.table()
    shut = [page for page in pages if page not in endpoints() or not table[page].opens_for(role)]
    if shut or not pages:
        raise NotAllowedError(
            "page_not_for_role",
            field="pages",
            vi="Chọn ít nhất một địa chỉ mở cho vai trò này." + (f" Không mở: {', '.join(shut)}." if shut else ""),
            en="Choose at least one endpoint that opens for the role."
            + (f" Not open: {', '.join(shut)}." if shut else ""),
        )


KEY_WRONG = {
    "code": "key_wrong",
    "field": "Authorization",
    "vi": "Khóa không đúng, đã hết hạn hoặc bị thu hồi. Xin khóa mới ở nơi cấp.",
    "en": "The key is wrong, too old or revoked. Ask whoever gave it for a new one.",
}


def _answer(status: int, said: dict[str, str], **headers: str) -> JsonResponse:
    return JsonResponse(said, status=status, headers=headers)
