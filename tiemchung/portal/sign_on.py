"""A ministry's own sign-on: its provider says who somebody is (OpenID Connect); an account must be there already.

`authlib` speaks the protocol: state, nonce, PKCE, the keys and the signature. Ours is which account it is. The
provider's word for two factors is taken where the installation says so; else our second factor is asked for on top.
"""

import logging
from functools import cache
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from joserfc.errors import JoseError

from tiemchung.accounts import policy
from tiemchung.accounts.models import Account, Role
from tiemchung.accounts.models_sign_in import SignOnLink
from tiemchung.ground.environment_sign_on import SignOn
from tiemchung.ground.errors import NotAllowedError, http_status
from tiemchung.look.words import said
from tiemchung.portal import signing_in

PATIENCE = 10  # seconds for the provider to answer
_FOLLOWING = "portal.sign_on_following"
_BROKEN = (AuthlibBaseError, JoseError, requests.RequestException, RuntimeError, ValueError, KeyError, TypeError)
_log = logging.getLogger(__name__)


@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Lead to the provider."""
    provider = _client(_configured())
    request.session[_FOLLOWING] = signing_in.safe_following(request)
    try:
        _check_issuer(provider)
        answer: HttpResponse = provider.authorize_redirect(
            request, request.build_absolute_uri(reverse("portal:sign-on-back"))
        )
    except _BROKEN as error:
        return _refused(request, _failed(error))
    return answer


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: whose account it is, or why there is none."""
    configured = _configured()
    try:
        claims = _claims(request, configured)
    except _BROKEN as error:
        return _refused(request, _failed(error))
    try:
        account = _account(claims, configured)
    except NotAllowedError as error:
        return _refused(request, error)
    following = request.session.pop(_FOLLOWING, "")
    return signing_in.begin(
        request,
        account,
        way="sign_on",
        following=following,
        factor_done=_two_factors(claims, configured),
        person=(configured.issuer, claims["sub"]),
    )


def _configured() -> SignOn:
    found: SignOn | None = settings.SIGN_ON
    if found is None:
        raise Http404
    return found


@cache
def _client(configured: SignOn) -> Any:
    registry = OAuth()
    return registry.register(
        "sign_on",
        client_id=configured.client_id,
        client_secret=configured.client_secret,
        server_metadata_url=f"{configured.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
        },
    )


def _check_issuer(provider: Any) -> None:
    """The document at the address must be of the provider that was agreed on. Raises ValueError."""
    metadata = provider.load_server_metadata()
    if str(metadata.get("issuer", "")).rstrip("/") != _configured().issuer:
        raise ValueError("the provider names itself otherwise than TIEMCHUNG_SIGN_ON_ISSUER")


def _claims(request: HttpRequest, configured: SignOn) -> dict[str, Any]:
    """What the provider says, its signature, issuer, audience, nonce and times checked. Raises one of _BROKEN."""
    provider = _client(configured)
    _check_issuer(provider)
    issuer = provider.load_server_metadata()["issuer"]
    options = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": configured.client_id}}
    token = provider.authorize_access_token(request, claims_options=options)
    claims = dict(token["userinfo"])
    if configured.claim not in claims:
        more = dict(provider.userinfo(token=token))
        if more.get("sub") != claims["sub"]:
            raise ValueError("the provider speaks of two people")
        claims = {**more, **claims}
    return claims


def _account(claims: dict[str, Any], configured: SignOn) -> Account:
    """The account of staff that is bound to this person; else the one that the claim names, if nobody is bound to it.

    None is opened here, and no program's is one. Raises NotAllowedError.
    """
    staff = Account.objects.filter(api_client=None).exclude(role=Role.CITIZEN)
    bound = SignOnLink.objects.filter(issuer=configured.issuer, subject=claims["sub"]).values("account")
    found = staff.filter(id__in=bound).first() or _named(claims, configured, staff)
    if found is None or not found.is_active:
        raise _unknown()
    return found


def _named(claims: dict[str, Any], configured: SignOn, staff: QuerySet[Account]) -> Account | None:
    """The account that the claim names. Raises NotAllowedError where another is bound to it: names change hands."""
    named = claims.get(configured.claim)
    if not isinstance(named, str) or (configured.claim == "email" and claims.get("email_verified") is not True):
        return None
    found = staff.filter(username=named.strip().lower()).first()
    if found and SignOnLink.objects.filter(account=found, issuer=configured.issuer).exists():
        raise policy.bound_to_another()
    return found


def _two_factors(claims: dict[str, Any], configured: SignOn) -> bool:
    amr = claims.get("amr")
    words = {word for word in amr if isinstance(word, str)} if isinstance(amr, list) else set()
    return bool((words | {str(claims.get("acr", ""))}) & configured.two_factors)


def _refused(request: HttpRequest, error: NotAllowedError) -> HttpResponse:
    return render(request, "portal/sign_on_refused.html", {"words": said(error)}, status=http_status(error))


def _failed(error: Exception) -> NotAllowedError:
    _log.warning("sign-on failed: %s", type(error).__name__)  # what it says may hold what the provider said of somebody
    return NotAllowedError(
        "sign_on_failed",
        vi="Chưa đăng nhập được qua hệ thống của bộ. Thử lại từ đầu; nếu vẫn vậy, báo người quản lý hệ thống.",
        en="Signing in through the ministry did not work. Begin again; if it stays so, tell who runs the system.",
    )


def _unknown() -> NotAllowedError:
    return NotAllowedError(
        "sign_on_unknown",
        vi="Chưa có tài khoản nào ở đây cho người này, hoặc tài khoản đã đóng. Nhờ người quản lý tài khoản mở.",
        en="There is no account here for this person, or it is closed. Ask who manages accounts to open one.",
    )
