"""What an SDK tells of a service's refusal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """The typed exception of an SDK, in words that all services share."""

    kind: str
    status: int | None
    code: str | None
    message: str | None
    request_id: str | None
