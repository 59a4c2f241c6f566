"""Which role may open which page? One table, `reference_data/rights.yaml`; what has no row opens for nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse

from tiemchung.accounts.roles import STAFF, Role

TABLE = Path(__file__).resolve().parents[2] / "reference_data" / "rights.yaml"
ANYONE = "anyone"
STAFF_WORD = "staff"  # in the table: every role but the citizen's


@dataclass(frozen=True)
class Right:
    """A row: the page or endpoint by its URL name, the roles it opens for, and what bounds each of them."""

    page: str
    roles: frozenset[str]
    scope: str
    what: str

    def __post_init__(self) -> None:
        unknown = self.roles - {ANYONE, *Role.values}
        if unknown:
            raise ValueError(f"rights.yaml: {self.page} names unknown roles {sorted(unknown)}")

    def opens_for(self, role: str | None) -> bool:
        """Say whether this row lets in an account of that role; None is somebody who has not signed in."""
        return ANYONE in self.roles or role in self.roles


@cache
def table(path: Path = TABLE) -> dict[str, Right]:
    """Read the table of rights. Raises ValueError on an unknown role or a page named twice."""
    rows = [
        Right(row["page"], _roles(row["roles"]), row["scope"], row["what"])
        for row in yaml.safe_load(path.read_text(encoding="utf8"))
    ]
    if len({row.page for row in rows}) != len(rows):
        raise ValueError("rights.yaml names a page twice")
    return {row.page: row for row in rows}


def _roles(named: list[str]) -> frozenset[str]:
    all_staff = {str(role) for role in STAFF} if STAFF_WORD in named else set()
    return frozenset(all_staff | (set(named) - {STAFF_WORD}))


class RightsMiddleware:
    """No view runs for somebody whom its row does not let in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Let pass, ask to sign in, or refuse."""
        match = request.resolver_match
        right = table().get(match.view_name) if match else None
        if right and ANYONE in right.roles:
            return None  # nobody asks who a visitor of a public page is
        user = request.user
        role = user.role if user.is_authenticated else None
        if right and right.opens_for(role) and _key_opens(request, right.page):
            return None
        if right is None or user.is_authenticated:
            return _refused(request)
        return _sign_in_first(request)


def _key_opens(request: HttpRequest, page: str) -> bool:
    """A program of others comes to the endpoints of its key alone, whatever its role opens."""
    client = getattr(request, "api_client", None)
    return client is None or page in client.pages


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _refused(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        return _answer(
            403, "not_allowed", "Tài khoản này không được làm việc đó ở đây.", "This account may not do that here."
        )
    raise PermissionDenied


def _sign_in_first(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        return _answer(401, "sign_in_first", "Xin đăng nhập trước.", "Please sign in first.")
    return redirect_to_login(request.get_full_path())


def _answer(status: int, code: str, vi: str, en: str) -> JsonResponse:
    return JsonResponse({"code": code, "field": "", "vi": vi, "en": en}, status=status)
