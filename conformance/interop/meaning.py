"""Requests by what they mean, and where two of them differ."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from exchanges import Message

# A value by the place where it stands, e.g. `query PageNo` or `body Input.Object`.
Meaning = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """One place at which our client's request and the SDK's differ; a side without the place has `None`."""

    service: str
    operation: str
    name: str
    place: str
    ours: str | None
    theirs: str | None

    @property
    def kind(self) -> str:
        """Who says something there."""
        if self.theirs is None:
            return "only ours"
        return "only theirs" if self.ours is None else "differs"


# Tells which differences count.
Filter = Callable[[Difference], bool]


def meaning(request: Message, volatile: frozenset[str]) -> Meaning:
    """Everything that a request says, by place; headers that say nothing of the operation are left out."""
    found: Meaning = {"method": request.method, "path": request.decoded_path}
    for name in request.flags:
        found[f"query {name}"] = "(no value)"
    for name, value in request.query:
        _add(found, f"query {name}", _structured(value))
    for name, value in request.named_headers.items():
        if name not in volatile and name != "authorization":
            found[f"header {name}"] = value
    found |= _authorization(request)
    if request.body:
        _add(found, "body", _body(request))
    return found


def compare(ours: Meaning, theirs: Meaning) -> Iterator[tuple[str, str | None, str | None]]:
    """The places at which two requests differ, with what stands there."""
    for place in sorted(ours.keys() | theirs.keys()):
        # What only one request has is the difference, and not that the other one did not sign it.
        if place.startswith("signed ") and not (place in ours and place in theirs):
            continue
        mine, other = ours.get(place), theirs.get(place)
        if mine != other or type(mine) is not type(other):
            yield place, _shown(place in ours, mine), _shown(place in theirs, other)


def xml_values(text: str) -> dict[str, Any]:
    """What is in an XML text, below the name of its root; elements of one name are a list."""
    root = ElementTree.fromstring(text)
    return {root.tag: _element(root)}


def general(place: str) -> str:
    """A place without the numbers of its lists."""
    return re.sub(r"\[\d+\]", "[]", place)


def _shown(is_there: bool, value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False) if is_there else None


def _add(found: Meaning, place: str, value: Any) -> None:
    """Adds the leaves of a value, so that a difference has a place of its own."""
    if isinstance(value, dict) and value:
        for name, member in value.items():
            _add(found, f"{place}{'.' if ' ' in place else ' '}{name}", member)
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            _add(found, f"{place}[{index}]", item)
    else:
        found[place] = value


def _structured(text: str) -> Any:
    """A value of a query: objects and lists are JSON, the rest is text."""
    if text.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _body(request: Message) -> Any:
    text = request.body
    if request.named_headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {name: _structured(value) for name, value in parse_qsl(text, keep_blank_values=True)}
    if text.lstrip().startswith("<"):
        return xml_values(text)
    return json.loads(text)


def _element(element: ElementTree.Element) -> Any:
    """Elements in elements; those of one name are a list, and where they stand among others says nothing."""
    if not len(element):
        return element.text or ""
    members: dict[str, list[Any]] = {}
    for child in element:
        members.setdefault(child.tag, []).append(_element(child))
    return {name: values[0] if len(values) == 1 else values for name, values in members.items()}


def _authorization(request: Message) -> Meaning:
    """Scheme, key id, and whether each header and parameter is signed. The signature is another stage's affair."""
    value = request.named_headers.get("authorization", "")
    if value.startswith("q-"):
        parts = dict(part.partition("=")[::2] for part in value.split("&"))
        scheme, key, headers = parts.get("q-sign-algorithm"), parts.get("q-ak"), parts.get("q-header-list", "")
        listed = parts.get("q-url-param-list", "").split(";")
        parameters = [name for name, _ in request.query] + request.flags
        signed = {f"signed parameter {name}": name.lower() in listed for name in parameters}
    else:
        scheme, _, rest = value.partition(" ")
        parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        key, headers, signed = parts.get("Credential") or parts.get("Access"), parts.get("SignedHeaders", ""), {}
    names = headers.split(";")
    signed |= {f"signed header {name}": name in names for name in request.named_headers if name != "authorization"}
    return {"signing scheme": scheme, "signing key": key} | signed
