"""Requests that are to be refused, by the SDKs against the stand-in: each raises the SDK's typed exception."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import clocks
from calling import SDKS
from endpoint import KNOWN_KEY, Endpoint
from exchanges import Exchange, Key, Message
from relay import relay
from report import Stage, count

_FILE = Path(__file__).with_name("refusals.toml")
_TEMPORARY = Key("temporary-id", "temporary-secret", "temporary/token+1=")
# A word that is changed on the way, to one of the same length.
_ORIGINAL, _TAMPERED = "original", "tampered"


def options() -> list[str]:
    """How the stand-in is started: a temporary key that it knows, and what goes wrong."""
    known = [f"{key.id}:{key.secret}" + (f":{key.token}" if key.token else "") for key in (KNOWN_KEY, _TEMPORARY)]
    faults = [fault for case in _cases() for fault in [case.get("fault")] if fault]
    return [word for key in known for word in ("--key", key)] + [
        word for fault in faults for word in ("--fault", fault)
    ]


def judge(port: int, documented: list[Exchange], can_fail: bool) -> Stage:
    """Every case is refused, with the documented status and code and with a request id; good ones are not."""
    stage = Stage("requests to be refused, by the SDKs against the stand-in")
    judged = skipped = 0
    for case in _cases():
        if not can_fail and ("fault" in case or "temporary" in case["how"]):
            skipped += 1
            continue
        judged += 1
        title = f"{case['service']}: {case['name']}"
        exchange = next((known for known in documented if _is_of(case, known)), None)
        if exchange is None:
            stage.fail(title, f"there is no documented request of {case['call']}")
            continue
        for fault in _faults(port, case, exchange):
            stage.fail(title, fault)
    stage.counts = [count(judged, "case")]
    if skipped:
        stage.counts.append(f"{skipped} SKIPPED, since the stand-in was not started here")
    return stage


def _cases() -> list[dict[str, Any]]:
    with _FILE.open("rb") as file:
        cases: list[dict[str, Any]] = tomllib.load(file)["case"]
        return cases


def _is_of(case: dict[str, Any], exchange: Exchange) -> bool:
    named = (exchange.service, exchange.operation) == (case["service"], case["call"])
    example = case.get("example")
    return named and (exchange.name.endswith(f"/{example}") if example else not exchange.broken)


def _faults(port: int, case: dict[str, Any], exchange: Exchange) -> Iterator[str]:
    sdk = SDKS[case["service"]]
    values = sdk.values(exchange.document).changed(case.get("with", {}), case.get("without", ()))
    expected = case.get("refused")
    try:
        with _HOW[case["how"]](case["service"], port) as endpoint:
            answer = sdk.call(endpoint, exchange, values)
    except Exception as error:  # Whatever an SDK raises is what is asked for.
        refusal = sdk.refusal(error)
        if refusal is None or expected is None:
            yield f"the SDK raised {error!r}"
            return
        for what, value in expected.items():
            if getattr(refusal, what) != value:
                yield f"{what}: expected {value!r}, found {refusal}"
        if not refusal.request_id or not refusal.message:
            yield f"expected a message and a request id, found {refusal}"
        return
    if expected is not None:
        yield f"expected a refusal, {expected}, found {answer}"


# --- How a case goes about it


@contextmanager
def _plainly(service: str, port: int) -> Iterator[Endpoint]:
    yield Endpoint(port)


def _with_key(key: Key) -> Callable[[str, int], Any]:
    @contextmanager
    def endpoint(service: str, port: int) -> Iterator[Endpoint]:
        yield Endpoint(port, key)

    return endpoint


@contextmanager
def _tampered(service: str, port: int) -> Iterator[Endpoint]:
    def change(message: Message) -> list[Message]:
        changed = replace(
            message,
            target=message.target.replace(_ORIGINAL, _TAMPERED),
            body=message.body.replace(_ORIGINAL, _TAMPERED),
        )
        if changed == message:
            raise AssertionError(f"the request has no {_ORIGINAL!r} to be changed: {message}")
        return [changed]

    with relay(port, change) as between:
        yield Endpoint(between)


@contextmanager
def _twice(service: str, port: int) -> Iterator[Endpoint]:
    with relay(port, lambda message: [message, message]) as between:
        yield Endpoint(between)


@contextmanager
def _late(service: str, port: int) -> Iterator[Endpoint]:
    with clocks.behind(service, 6 * 3600):
        yield Endpoint(port)


_HOW: dict[str, Callable[[str, int], Any]] = {
    "plainly": _plainly,
    "with another secret": _with_key(replace(KNOWN_KEY, secret="another-secret")),
    "with an unknown key": _with_key(Key("unknown-id", "unknown-secret", None)),
    "with the temporary key": _with_key(_TEMPORARY),
    "with the temporary key, without its token": _with_key(replace(_TEMPORARY, token=None)),
    "with the temporary key and another token": _with_key(replace(_TEMPORARY, token="another/token")),
    "tampered": _tampered,
    "twice": _twice,
    "late": _late,
}
