"""The stand-in for the three clouds, a program of this project: started on a free loopback port, ended by its id."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from urllib.parse import urlsplit

_READY = "listening on "
_START_SECONDS = 20
_END_SECONDS = 10


@contextmanager
def started(program: Path, log: Path, options: list[str]) -> Iterator[int]:
    """The port of a fresh stand-in. What it says about requests goes into a file."""
    command = [str(program), "--listen", "127.0.0.1:0", *options]
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, text=True)
        try:
            yield _port(process, log)
        finally:
            _end(process)


def port_of(url: str) -> int:
    """The port of a stand-in that listens already."""
    parts = urlsplit(url)
    if parts.hostname not in ("127.0.0.1", "localhost") or parts.port is None:
        raise ValueError(f"{url}: expected a port of 127.0.0.1, e.g. http://127.0.0.1:8080")
    return parts.port


def _port(process: subprocess.Popen[str], log: Path) -> int:
    assert process.stdout is not None
    # One that never gets ready is ended, and the line below comes back empty.
    patience = Timer(_START_SECONDS, process.kill)
    patience.start()
    try:
        line = process.stdout.readline()
    finally:
        patience.cancel()
    if not line.startswith(_READY):
        raise RuntimeError(
            f"the stand-in is not ready; it said {line!r} and {log.read_text(errors='replace')[-2000:]!r}"
        )
    return port_of(line.removeprefix(_READY).strip())


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_END_SECONDS)
    if process.stdout is not None:
        process.stdout.close()
