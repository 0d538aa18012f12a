"""Values at places of an answer, e.g. `JobsDetail[0].JobId` or, of every item, `JobsDetail[].JobId`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_STEP = re.compile(r"(?P<name>[^\[]*)(\[(?P<index>\d*)\])?")


def at(value: Any, place: str) -> list[Any]:
    """Everything that stands at a place; nothing where a step is not there."""
    found = [value]
    for step in place.split("."):
        match = _STEP.fullmatch(step)
        if match is None:
            raise ValueError(f"{place}: {step!r} is no step")
        if match["name"]:
            found = [item[match["name"]] for item in found if isinstance(item, dict) and match["name"] in item]
        if match["index"] is not None:
            found = [item for several in found for item in _items(several, match["index"])]
    return found


def leaves(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Everything that is neither object nor list, with its place; items of lists have the place of their list."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from leaves(member, f"{place}.{name}".lstrip("."))
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, place)
    else:
        yield place, value


def _items(value: Any, index: str) -> list[Any]:
    # An element of XML that may repeat and stands there once is no list to whoever does not know that.
    items = value if isinstance(value, list) else [] if value is None else [value]
    return items if index == "" else items[int(index) : int(index) + 1]
