"""Scenarios as data, `scenarios.toml`: calls that build on one another, and what must come of them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("scenarios.toml")


@dataclass(frozen=True)
class Step:
    """One call."""

    # The operation, and the documented request that it starts from; the first good one if not given.
    call: str
    example: str | None = None
    # Values in place of the documented ones, and values to leave out.
    with_values: dict[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    # What the answer says: at a place this and nothing else; somewhere among several; nowhere; anything.
    expect: dict[str, Any] = field(default_factory=dict)
    contains: dict[str, Any] = field(default_factory=dict)
    lacks: dict[str, Any] = field(default_factory=dict)
    present: tuple[str, ...] = ()
    # What the answer repeats of the request: at a place of the body, and at a place of the answer or below.
    echoes: dict[str, str] = field(default_factory=dict)
    # What later steps call by a name: the value at a place.
    keep: dict[str, str] = field(default_factory=dict)
    # The call is refused: `status` and `code`.
    refused: dict[str, Any] | None = None
    # The call is made again until the answer is as expected, for so many seconds.
    within: float = 0.0


@dataclass(frozen=True)
class Scenario:
    """Steps in their order, with values that they share."""

    service: str
    name: str
    steps: tuple[Step, ...]
    values: dict[str, Any]


@dataclass(frozen=True)
class Sweep:
    """What may become of a documented request that nothing was made for."""

    # Codes for things that are not there, and for states that forbid it.
    excused: frozenset[str]
    # Codes for requests that break a documented rule.
    invalid: frozenset[str]
    # Values that only an answer can give, such as cursors.
    without: tuple[str, ...]


def load() -> tuple[list[Scenario], dict[str, Sweep]]:
    """Reads the scenarios, one for each of what a table's `each` lists, and what the sweep takes."""
    with _FILE.open("rb") as file:
        text = tomllib.load(file)
    scenarios = [scenario for table in text["scenario"] for scenario in _scenarios(table)]
    sweeps = {
        service: Sweep(frozenset(table["excused"]), frozenset(table["invalid"]), tuple(table["without"]))
        for service, table in text["sweep"].items()
    }
    return scenarios, sweeps


def filled(value: Any, names: dict[str, Any]) -> Any:
    """A value with what is kept under the names in its braces; `{name}` alone keeps its type."""
    if isinstance(value, str):
        if value[:1] == "{" and value[-1:] == "}" and value[1:-1] in names:
            return names[value[1:-1]]
        for name, kept in names.items():
            value = value.replace(f"{{{name}}}", str(kept))
    return value


def _scenarios(table: dict[str, Any]) -> Iterator[Scenario]:
    for each in table.get("each", [None]):
        names = {} if each is None else each if isinstance(each, dict) else {"each": each}
        title = filled(table["name"], names)
        yield Scenario(table["service"], title, tuple(_step(step, names) for step in table["step"]), names)


def _step(table: dict[str, Any], names: dict[str, Any]) -> Step:
    known = {
        "call",
        "example",
        "with",
        "without",
        "expect",
        "contains",
        "lacks",
        "present",
        "echoes",
        "keep",
        "refused",
        "within",
    }
    unknown = table.keys() - known
    if unknown:
        raise ValueError(f"scenarios.toml: a step of {table.get('call')} has the unknown keys {sorted(unknown)}")
    return Step(
        call=filled(table["call"], names),
        example=filled(table.get("example"), names),
        with_values=table.get("with", {}),
        without=tuple(table.get("without", ())),
        expect=table.get("expect", {}),
        contains=table.get("contains", {}),
        lacks=table.get("lacks", {}),
        present=tuple(table.get("present", ())),
        echoes=table.get("echoes", {}),
        keep=table.get("keep", {}),
        refused=table.get("refused"),
        within=table.get("within", 0.0),
    )
