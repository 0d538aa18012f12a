"""Whether the members of one of ICE's models have the types that it says: Python does not look, other languages do."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from darabonba.model import DaraModel

_PLAIN = {"str": (str,), "int": (int,), "bool": (bool,), "float": (int, float)}


class Mistyped(Exception):
    """An answer could be read, and some of it has another type than the SDK's model says."""

    def __init__(self, members: list[str], answer: dict[str, Any]) -> None:
        super().__init__(f"the answer has other types than the SDK's model: {'; '.join(members)}")
        self.answer = answer


def mistyped(value: Any, path: str = "") -> Iterator[str]:
    """Every member that has another type than its model says."""
    if isinstance(value, DaraModel):
        types = _types(type(value))
        for attribute, member in vars(value).items():
            if member is not None and attribute in types:
                yield from _member(member, types[attribute], f"{path}.{attribute}".lstrip("."))


def _member(value: Any, annotation: str, path: str) -> Iterator[str]:
    items = re.fullmatch(r"List\[(.*)\]", annotation)
    if items:
        if not isinstance(value, list):
            yield f"{path}: expected a list, found {value!r}"
            return
        for index, item in enumerate(value):
            yield from _member(item, items[1], f"{path}[{index}]")
    elif annotation in _PLAIN:
        expected = _PLAIN[annotation]
        if not isinstance(value, expected) or (isinstance(value, bool) and annotation != "bool"):
            yield f"{path}: expected {annotation}, found {value!r}"
    else:
        yield from mistyped(value, path)


@cache
def _types(model: type[DaraModel]) -> dict[str, str]:
    """The annotations of a model's attributes, as they are written."""
    parameters = inspect.signature(model.__init__).parameters
    return {name: str(parameter.annotation).strip("'\"") for name, parameter in parameters.items() if name != "self"}
