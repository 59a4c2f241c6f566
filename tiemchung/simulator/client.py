"""A user at a browser or a device: signs in, follows forms, sends events; tries again when the server goes away.

Everything it sends carries ids of its own making, so that sending twice is harmless: an answer that was lost is
simply asked for again.
"""

import time
from dataclasses import dataclass, field
from typing import Any

import httpx

PATIENCE = 60.0  # seconds to wait for a server that is being started again


class UnexpectedAnswerError(RuntimeError):
    """The server answered otherwise than the play expects. Holds the path and the status, no content."""


@dataclass
class Client:
    """One user's connection. `retries` counts how often something had to be sent again."""

    base_url: str
    retries: int = 0
    cookies: str = "sessionid csrftoken"  # of the session and of the forms; the population side names its own
    requests: int = 0
    _http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=self.base_url, timeout=30, follow_redirects=True)

    def close(self) -> None:
        """Give the connection back."""
        self._http.close()

    def get(self, path: str) -> httpx.Response:
        """Open a page; anything but 200 is unexpected."""
        return self._expect(self._send("GET", path), {200}, path)

    def post_form(
        self, path: str, fields: dict[str, Any], *, expect: frozenset[int] = frozenset({200})
    ) -> httpx.Response:
        """Send a form, after its redirects. The token is taken from the cookie that the form's page set."""
        sent = {"csrfmiddlewaretoken": self._token_for(path), **fields}
        return self._expect(self._send("POST", path, data=sent), expect, path)

    def post_file(self, path: str, name: str, content: bytes) -> httpx.Response:
        """Send a file as a form's only field."""
        sent = {"csrfmiddlewaretoken": self._token_for(path)}
        return self._expect(self._send("POST", path, data=sent, files={name: content}), {200}, path)

    def _token_for(self, path: str) -> str:
        name = self.cookies.split()[1]
        if name not in self._http.cookies:
            self.get(path)
        return self._http.cookies.get(name) or ""

    def post_json(self, path: str, content: Any, *, expect: frozenset[int] = frozenset({200})) -> Any:
        """Call the API and give what it answered."""
        headers = {"X-CSRFToken": self._http.cookies.get(self.cookies.split()[1], "")}
        response = self._expect(self._send("POST", path, json=content, headers=headers), expect, path)
        return response.json()

    def sign_in(self, username: str, password: str) -> None:
        """Sign in through the page that everybody uses."""
        self.post_form("/dang-nhap/", {"username": username, "password": password, "next": "/tro-giup/"})
        if self.cookies.split()[0] not in self._http.cookies:
            raise UnexpectedAnswerError("sign-in was refused")

    def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        self.requests += 1
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                response = self._http.request(method, path, **content)
                if response.status_code not in {502, 503, 504}:
                    return response
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            self.retries += 1
            time.sleep(0.2)

    @staticmethod
    def _expect(response: httpx.Response, statuses: set[int] | frozenset[int], path: str) -> httpx.Response:
        if response.status_code not in statuses:
            raise UnexpectedAnswerError(f"{response.request.method} {path}: {response.status_code}")
        return response
