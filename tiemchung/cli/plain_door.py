"""The door without TLS beside `serve --tls`: it leads to the safe one, and hands a phone what it is to trust.

It speaks to nobody about anything else: no page, no form and no cookie crosses it.
"""

import base64
import hashlib
import html
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tiemchung.cli.tls_authority import fingerprint

PATIENCE = 5  # seconds for a request to arrive
CERTIFICATE = "/tiemchung-ca.crt"
STYLE = (
    "body{font:17px/1.6 system-ui,sans-serif;color:#191c2a;background:#f7f6f4;margin:0;padding:24px}"
    "main{max-width:40rem;margin:auto;background:#fff;border-radius:20px;padding:24px}"
    "a.go{display:block;padding:18px;border-radius:12px;background:#2a3f94;color:#fff;text-align:center;font-weight:600}"
    "code{word-break:break-all}"
)
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Tiêm chủng</title><style>{style}</style><main>
<h1>Vào bằng đường an toàn</h1><p><a class="go" href="{url}">Mở trang Tiêm chủng</a></p>
<h2>Điện thoại báo «không an toàn»?</h2>
<ol><li>Tải <a href="{certificate}">chứng thư của máy chủ này</a>.</li>
<li>Mở Cài đặt và cài nó: «Chứng chỉ CA» (Android); «Hồ sơ đã tải về», rồi «Cài đặt tin cậy chứng nhận» (iPhone).</li>
<li>So dấu vân tay với dòng mà người quản lý máy chủ đọc cho bạn:<br><code>{fingerprint}</code></li></ol>
<p lang="en">This address leads to the safe one: <a href="{url}">open it</a>. If your phone does not trust it, install
<a href="{certificate}">this server's certificate</a> after comparing its fingerprint with the operator's.</p></main>
"""


def open_beside(host: str, port: int, safe_port: int, authority: Path | None) -> ThreadingHTTPServer:
    """Answer on a port of its own, in a thread that ends with the process. Raises OSError when the port is taken.

    Without an authority of one's own there is nothing to trust by hand, and the door only leads on.
    """
    server = ThreadingHTTPServer((host, port), _handler(safe_port, authority))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _handler(safe_port: int, authority: Path | None) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        timeout = PATIENCE
        server_version, sys_version = "tiemchung", ""

        def do_GET(self) -> None:
            if authority and self.path == CERTIFICATE:
                found = x509.load_pem_x509_certificate(authority.read_bytes())
                self._answer(200, found.public_bytes(Encoding.DER), "application/x-x509-ca-cert")
            elif authority and self.path == "/":
                self._answer(200, _page(self._safe("/"), authority), "text/html; charset=utf-8")
            else:
                self._answer(308, b"", "text/plain", self._safe(self.path))

        do_HEAD = do_GET

        def _other(self) -> None:
            """What was sent has crossed the network in clear: it is not passed on."""
            self._answer(403, b"https://\n", "text/plain")

        do_POST = do_PUT = do_PATCH = do_DELETE = _other

        def _safe(self, path: str) -> str:
            name = self.headers.get("Host", "localhost").rsplit("@")[-1]
            name = name if name.startswith("[") and name.endswith("]") else name.rsplit(":", 1)[0]
            clean = (
                "".join(character for character in name if character.isalnum() or character in ".-[]:") or "localhost"
            )
            path = path if path.startswith("/") and not path.startswith("//") else "/"
            return f"https://{clean}:{safe_port}{path}"

        def _answer(self, status: int, content: bytes, kind: str, location: str | None = None) -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", f"default-src 'none'; style-src 'sha256-{_digest()}'")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: an address may be all that somebody typed."""

    return Door


def _page(url: str, authority: Path) -> bytes:
    return PAGE.format(
        style=STYLE, url=html.escape(url), certificate=CERTIFICATE, fingerprint=fingerprint(authority)
    ).encode()


def _digest() -> str:
    return base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
