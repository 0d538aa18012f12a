"""Holds this project's clients and stand-in to the vendors' official Python SDKs; `cargo xtask interop` calls it."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import exchanges
import explained
import judge_requests
import judge_signatures
import judge_stand_in
import page
from report import Stage


_MOST_SECONDS = 900


def main() -> int:
    """Runs the stages; 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documented", type=Path, required=True, help="documented requests, of `signed-requests`")
    parser.add_argument("--random", type=Path, required=True, help="random requests, of `signed-requests`")
    parser.add_argument("--page", type=Path, required=True, help="the page that renders differences.toml")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--stand-in", type=Path, help="the stand-in, to be started")
    where.add_argument("--url", help="a stand-in that listens already")
    parser.add_argument("--update", action="store_true", help="write the page instead of comparing it")
    arguments = parser.parse_args()
    # A stage that never ends is interrupted, and what it started is ended with it.
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _give_up)
        signal.setitimer(signal.ITIMER_REAL, _MOST_SECONDS)
    failed = False
    for stage in _stages(arguments):
        begin = time.monotonic()
        found = stage()
        print(f"{found}  ({time.monotonic() - begin:.1f} s)" if not found.failures else found, flush=True)
        failed |= bool(found.failures)
    return 1 if failed else 0


def _give_up(number: int, frame: FrameType | None) -> NoReturn:
    # No error that a stage would take for an SDK's.
    raise SystemExit(f"error: the stages took longer than {_MOST_SECONDS} s")


def _stages(arguments: argparse.Namespace) -> Iterator[Callable[[], Stage]]:
    documented, random = exchanges.read(arguments.documented), exchanges.read(arguments.random)
    table = explained.load()
    yield lambda: judge_signatures.judge(documented, random)
    yield lambda: judge_requests.judge(documented, random, table)
    yield lambda: page.judge(table, arguments.page, arguments.update)
    if arguments.stand_in or arguments.url:
        yield from judge_stand_in.stages(arguments.stand_in, arguments.url, arguments.documented, documented)


if __name__ == "__main__":
    sys.exit(main())
