"""The values of a request, apart from how they are sent."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_BODY = "body."


@dataclass(frozen=True)
class Values:
    """Values of path, query and form by wire name, and the body as objects and lists."""

    given: dict[str, str] = field(default_factory=dict)
    body: Any = None

    def changed(self, changes: Mapping[str, Any], without: Iterable[str] = ()) -> Values:
        """The same with other values; `body.Input.Object` is one of the body's."""
        given, body = dict(self.given), copy.deepcopy(self.body)
        for name, value in changes.items():
            if name.startswith(_BODY):
                _parent(body, name)[name.rpartition(".")[2]] = value
            else:
                given[name] = value
        for name in without:
            holder = _parent(body, name) if name.startswith(_BODY) else given
            holder.pop(name.removeprefix(_BODY).rpartition(".")[2], None)
        return Values(given, body)


def _parent(body: Any, name: str) -> dict[str, Any]:
    """What a place in the body stands in."""
    holder: dict[str, Any] = body
    for step in name.removeprefix(_BODY).split(".")[:-1]:
        holder = holder.setdefault(step, {})
    return holder
