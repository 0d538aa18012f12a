"""The lines of `signed-requests`: our clients' signed requests, with what they were made of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Message:
    """A request as it stands on the wire."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def path(self) -> str:
        """The path, encoded."""
        return urlsplit(self.target).path

    @property
    def decoded_path(self) -> str:
        """The path as it is meant."""
        return unquote(self.path)

    @property
    def query(self) -> list[tuple[str, str]]:
        """Names and values, decoded. What has no `=` is a flag and left out."""
        pairs = urlsplit(self.target).query.split("&")
        return parse_qsl("&".join(pair for pair in pairs if "=" in pair), keep_blank_values=True)

    @property
    def flags(self) -> list[str]:
        """The query's names without a value."""
        return [pair for pair in urlsplit(self.target).query.split("&") if pair and "=" not in pair]

    @property
    def named_headers(self) -> dict[str, str]:
        """Values by lower-case name."""
        return {name.lower(): value for name, value in self.headers}


@dataclass(frozen=True)
class Answer:
    """An answer as it stands on the wire."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


@dataclass(frozen=True)
class Key:
    """An access key."""

    id: str
    secret: str
    token: str | None


@dataclass(frozen=True)
class Exchange:
    """A request of ours, what it was made of, and a documented answer to it."""

    service: str
    operation: str
    name: str
    key: Key
    region: str
    settings: dict[str, str]
    document: Message
    request: Message
    # The rules that it breaks, each as `rule at path`.
    broken: tuple[str, ...]
    answer: Answer | None


def read(path: Path) -> list[Exchange]:
    """Reads a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        return [_exchange(json.loads(line)) for line in lines]


def _exchange(line: dict[str, Any]) -> Exchange:
    answer = line["answer"]
    return Exchange(
        service=line["service"],
        operation=line["operation"],
        name=line["name"],
        key=Key(**line["key"]),
        region=line["region"],
        settings=dict(line["settings"]),
        document=_message(line["document"]),
        request=_message(line["request"]),
        broken=tuple(line["broken"]),
        answer=Answer(answer["status"], _headers(answer), answer["body"]) if answer else None,
    )


def _message(message: dict[str, Any]) -> Message:
    return Message(message["method"], message["target"], _headers(message), message["body"])


def _headers(message: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in message["headers"])
