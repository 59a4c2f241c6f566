"""A population side that a test can let fail: an HTTP server of this process that answers as it is told."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tiemchung.identity import patience

Answer = Callable[[list[dict[str, Any]]], Any]


def right(questions: list[dict[str, Any]]) -> dict[str, Any]:
    """Answer «right» to all."""
    fields = dict.fromkeys(("number", "full_name", "birth_date", "sex"), "right")
    return {"answers": [{"id": one["id"], "verdict": "right", "fields": fields, "handle": "h"} for one in questions]}


class OtherSide:
    """What the server does next, and what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer = right
        self.status = 200
        self.raw: bytes | None = None  # in place of an answer
        self.drip = 0.0  # seconds between two bytes
        self.asked: list[list[dict[str, Any]]] = []
        self.address = ""

    def reply(self, body: bytes) -> bytes:
        """Note the questions and give the bytes of the answer."""
        questions = json.loads(body)["questions"]
        self.asked.append(questions)
        return self.raw if self.raw is not None else json.dumps(self.answer(questions)).encode()


@contextmanager
def patiently_asked() -> Iterator[OtherSide]:
    """Serve whoever asks at the table, who waits a minute: a busy machine is not a side that is slow."""
    with pytest.MonkeyPatch.context() as patch, serving() as side:
        patch.setattr(patience, "WITHIN", 60.0)
        yield side


@contextmanager
def serving() -> Iterator[OtherSide]:
    """Serve on a free port until the block ends."""
    side = OtherSide()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = side.reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(side.status)
            self.end_headers()
            try:
                for part in (body[at : at + 1] for at in range(len(body))) if side.drip else (body,):
                    self.wfile.write(part)
                    self.wfile.flush()
                    time.sleep(side.drip)
            except OSError:
                return  # the asker has hung up

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    side.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield side
    server.shutdown()
    server.server_close()
    thread.join()
