"""The local port in front of `stripe_fake.StripeFake`."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stripe_fake import StripeFake


class _Handler(BaseHTTPRequestHandler):
    fake: StripeFake
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def _handle(self, method: str) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if method == "GET" and url.path.startswith("/pay/"):
            self._pay(url.path.removeprefix("/pay/"))
            return
        form = dict(parse_qsl(body or url.query))
        status, content = self.fake.answer(method, url.path, form, self.headers.get("Idempotency-Key", ""))
        if self.fake.broken_answers:
            self.fake.broken_answers -= 1
            self.close_connection = True
            return
        self._write(status, json.dumps(content).encode())

    def _pay(self, session_id: str) -> None:
        self.fake.complete(session_id)
        self.send_response(303)
        self.send_header("Location", self.fake.sessions[session_id]["success_url"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _write(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: Any) -> None:
        """Keep the tests' output clean."""


@contextmanager
def running() -> Iterator[StripeFake]:
    """A fake on a free port of this machine; its address is in `base`."""
    fake = StripeFake()
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    fake.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
