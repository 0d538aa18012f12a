"""A server on a loopback port that keeps what it receives and gives a prepared answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from exchanges import Answer, Message

_NOTHING = Answer(200, (("Content-Type", "application/xml"),), "<Response/>")


class Recorder(ThreadingHTTPServer):
    """Keeps requests in the order in which they came."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[Message] = []
        self.answer = _NOTHING

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    def expect(self, answer: Answer | None) -> None:
        """Forgets what came, and gives this answer from now on."""
        self.requests.clear()
        self.answer = answer or _NOTHING


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Recorder
    timeout = 30
    # An answer goes out in one piece: a second one would wait for the first one's acknowledgement.
    wbufsize = 1 << 16

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.requests.append(Message(self.command, self.path, tuple(self.headers.items()), body.decode()))
        answer = self.server.answer
        content = answer.body.encode()
        self.send_response(answer.status)
        for name, value in answer.headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                self.send_header(name, value)
        if not any(name.lower() == "content-type" for name, _ in answer.headers):
            is_json = content.lstrip()[:1] in (b"{", b"[")
            self.send_header("Content-Type", "application/json" if is_json else "application/xml")
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if answer.status != 204:
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = _take

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: what came is compared, not read."""


@contextmanager
def recorder() -> Iterator[Recorder]:
    """A running recorder, which is ended at the end."""
    server = Recorder()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
