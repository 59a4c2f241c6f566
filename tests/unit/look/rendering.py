"""How the tests of the look render a piece of template."""

from typing import Any

from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory


def render(source: str, /, **context: Any) -> str:
    """Render a piece of template that uses the look's tags."""
    return Template("{% load i18n look %}" + source).render(Context(context))


def asked_by(path: str = "/", **cookies: str) -> HttpRequest:
    """A request with cookies."""
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    return request
