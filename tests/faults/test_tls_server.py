"""A real server process with TLS: what it shows, what it refuses, and what slow callers cannot do to it."""

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.servers import wait_until
from tiemchung.cli import tls_authority
from tiemchung.cli.stack import free_port


@dataclass(frozen=True)
class Served:
    """A server by TLS with certificates of its own, and its door without."""

    port: int
    plain_port: int
    own: tls_authority.Own

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def plain_url(self) -> str:
        return f"http://localhost:{self.plain_port}"

    @property
    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.own.authority)

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, verify=self.context, timeout=20)

    def connect(self) -> ssl.SSLSocket:
        plain = socket.create_connection(("localhost", self.port), timeout=20)
        return self.context.wrap_socket(plain, server_hostname="localhost")


@pytest.fixture
def served(fresh_database: Callable[..., str], tmp_path: Path) -> Iterator[Served]:
    port, plain_port = free_port(), free_port()
    environment = {**os.environ, "DATABASE_URL": fresh_database(), "TIEMCHUNG_THREADS": "4", "TIEMCHUNG_ANY_ROLE": "1"}
    for name in ("TIEMCHUNG_SECURE", "TIEMCHUNG_HOSTS"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "tiemchung.cli.main", "serve", "--tls", "--workers", "1"]
    ports = ["--port", str(port), "--http-port", str(plain_port)]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *ports], cwd=tmp_path, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    found = Served(port, plain_port, tls_authority.Own(tmp_path / ".run" / "tls"))
    try:
        wait_until(lambda: _answers(found) or process.poll() is not None, "the server")
        assert process.poll() is None, (tmp_path / "log").read_text()
        yield found
    finally:
        process.terminate()
        process.wait(20)


def _answers(served: Served) -> bool:
    try:
        with served.client() as client:
            return client.get("/song/").status_code == 200
    except (OSError, httpx.TransportError):
        return False


def test_a_phone_that_trusts_the_authority_comes_in_by_any_name_of_the_machine(served: Served) -> None:
    for name in tls_authority.names_of(served.own.certificate):
        if not tls_authority.is_address(name):
            continue
        if name.startswith("127.") or name == "::1":
            with served.connect() as connection:
                assert connection.version() in ("TLSv1.2", "TLSv1.3")
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(served.url)


def test_every_answer_by_tls_carries_what_keeps_it_there(served: Served) -> None:
    with served.client() as client:
        page = client.get("/dang-nhap/")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=")
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert page.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    cookies = page.headers.get_list("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert {"Secure", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert "domain" not in cookie.lower()


def test_a_form_is_taken_by_tls(served: Served) -> None:
    with served.client() as client:
        token = client.get("/dang-nhap/").cookies["__Host-csrftoken"]
        sent = {"csrfmiddlewaretoken": token, "username": "khong-co", "password": "sai"}
        answer = client.post("/dang-nhap/", data=sent, headers={"Referer": f"{served.url}/dang-nhap/"})
        stranger = client.post("/dang-nhap/", data=sent, headers={"Referer": "https://elsewhere.example/"})
    assert answer.status_code == 422
    assert stranger.status_code == 403


def test_health_tells_nothing_but_yes(served: Served) -> None:
    with served.client() as client:
        for path in ("/song/", "/san-sang/"):
            answer = client.get(path)
            assert (answer.status_code, answer.text) == (200, "ok")
            assert answer.headers["Server"] == "tiemchung"
        assert "Traceback" not in client.get("/khong-co/").text


def test_the_plain_door_leads_to_the_safe_one_and_hands_out_the_authority(served: Served) -> None:
    with httpx.Client(base_url=served.plain_url) as client:
        page = client.get("/")
        assert served.url in page.text
        assert tls_authority.fingerprint(served.own.authority) in page.text
        assert client.get("/so-lieu/?a=1").headers["Location"] == f"{served.url}/so-lieu/?a=1"
        led = client.get(f"{served.plain_url}//elsewhere.example/").headers["Location"]
        assert led.startswith(f"{served.url}/")
        assert client.post("/dang-nhap/", data={"password": "x"}).status_code == 403
        given = client.get("/tiemchung-ca.crt")
    assert given.headers["Content-Type"] == "application/x-x509-ca-cert"
    assert given.content[:1] == b"\x30"


def test_slow_bodies_do_not_keep_the_pages_from_others(served: Served) -> None:
    """Of four threads two are never given to bodies on their way."""
    slow = []
    head = (
        "POST /dang-nhap/ HTTP/1.1\r\nHost: localhost\r\nCookie: __Host-csrftoken=abcdefghijklmnopqrstuvwxyzabcdef\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\na="
    )
    for _ in range(12):
        slow.append(served.connect())
        slow[-1].sendall(head.encode())
    with served.client() as client:
        assert client.get("/song/").status_code == 200
        assert client.get("/dang-nhap/").status_code == 200
    for connection in slow:
        connection.close()


def test_a_body_that_says_it_is_huge_is_refused_before_it_is_sent(served: Served) -> None:
    with served.connect() as connection:
        connection.sendall(
            b"POST /api/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 99999999999\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413")
