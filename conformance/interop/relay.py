"""A go-between that changes signed requests on their way to a server, or sends them twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from exchanges import Message

# What is sent in place of a request; the answer to the last one goes back.
Change = Callable[[Message], list[Message]]


class _Relay(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, change: Change) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.port_behind = port
        self.change = change


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Relay
    timeout = 30
    wbufsize = 1 << 16

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        message = Message(self.command, self.path, tuple(self.headers.items()), body)
        status, content = 500, b""
        headers: list[tuple[str, str]] = []
        for changed in self.server.change(message):
            status, headers, content = _forward(self.server.port_behind, changed)
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = _take

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def _forward(port: int, message: Message) -> tuple[int, list[tuple[str, str]], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest(message.method, message.target, skip_host=True, skip_accept_encoding=True)
        for name, value in message.headers:
            connection.putheader(name, value)
        connection.endheaders(message.body.encode())
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()
    finally:
        connection.close()


@contextmanager
def relay(port: int, change: Change) -> Iterator[int]:
    """The port of a go-between for the server at a port."""
    server = _Relay(port, change)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
