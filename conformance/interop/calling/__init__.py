"""Operations called through the vendors' SDKs, with the values of documented requests."""

from __future__ import annotations

from typing import Any, Protocol

from endpoint import Endpoint
from exchanges import Exchange, Message

from . import ci, ice, vas
from .model_types import Mistyped
from .refusal import Refusal
from .values import Values


class Sdk(Protocol):
    """What a module here has."""

    def is_known(self, operation: str) -> bool:
        """Whether the SDK has the operation."""

    def values(self, document: Message) -> Values:
        """The operation's values in a documented request."""

    def call(self, endpoint: Endpoint, exchange: Exchange, values: Values) -> Any:
        """Calls an exchange's operation with these values; gives the answer's body as the SDK tells it."""

    def host(self, exchange: Exchange) -> str:
        """The host that the SDK chooses for the region."""

    def refusal(self, error: Exception) -> Refusal | None:
        """What an exception tells of a refusal; none if it is of another kind."""


SDKS: dict[str, Sdk] = {"alibaba-ice": ice, "huawei-vas": vas, "tencent-ci": ci}

__all__ = ["SDKS", "Mistyped", "Refusal", "Sdk", "Values"]
