"""Alibaba Cloud ICE through `alibabacloud_ice20201109`."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from alibabacloud_ice20201109 import models
from alibabacloud_ice20201109.client import Client
from alibabacloud_tea_openapi import exceptions
from alibabacloud_tea_openapi.utils_models import Config
from darabonba.exceptions import ResponseException
from darabonba.runtime import RuntimeOptions

from endpoint import Endpoint
from exchanges import Exchange, Message

from . import model_types
from .refusal import Refusal
from .values import Values

_METHODS = {
    name.removesuffix("with_options").replace("_", ""): name for name in dir(Client) if name.endswith("with_options")
}
# What belongs to the protocol and not to an operation.
_PROTOCOL = {
    "Action",
    "Version",
    "Format",
    "AccessKeyId",
    "SignatureNonce",
    "Timestamp",
    "SignatureMethod",
    "SignatureVersion",
    "Signature",
}


def is_known(operation: str) -> bool:
    """Whether the SDK has the operation."""
    return operation.lower() in _METHODS


def call(endpoint: Endpoint, exchange: Exchange, values: Values) -> dict[str, Any]:
    """Calls an exchange's operation with these values; gives the answer's body as the SDK's model tells it."""
    operation, given = exchange.operation, dict[str, Any](values.given)
    for name in _structured(operation) & given.keys():
        given[name] = json.loads(given[name])
    request = getattr(models, f"{operation}Request")().from_map(given)
    answer = getattr(_client(endpoint), _METHODS[operation.lower()])(request, RuntimeOptions())
    wrong = list(model_types.mistyped(answer.body))
    if wrong:
        raise model_types.Mistyped(wrong, answer.body.to_map())
    told: dict[str, Any] = answer.body.to_map()
    return told


def host(exchange: Exchange) -> str:
    """The host that the SDK chooses for the region."""
    return str(Client(Config(access_key_id="id", access_key_secret="secret", region_id=exchange.region))._endpoint)


def values(document: Message) -> Values:
    """The operation's values in a documented request."""
    pairs = document.query + parse_qsl(document.body, keep_blank_values=True)
    return Values({name: value for name, value in pairs if name not in _PROTOCOL})


def refusal(error: Exception) -> Refusal | None:
    """What an exception tells of a refusal; none if it is of another kind."""
    if not isinstance(error, ResponseException):
        return None
    kinds = {
        exceptions.ThrottlingException: "throttling",
        exceptions.ClientException: "client",
        exceptions.ServerException: "server",
    }
    kind = next((name for kind, name in kinds.items() if isinstance(error, kind)), "other")
    return Refusal(kind, error.status_code, error.code, error.message, getattr(error, "request_id", None))


def _client(endpoint: Endpoint) -> Client:
    return Client(
        Config(
            access_key_id=endpoint.key.id,
            access_key_secret=endpoint.key.secret,
            security_token=endpoint.key.token,
            endpoint=endpoint.authority,
            protocol="HTTP",
            connect_timeout=5_000,
            read_timeout=20_000,
        )
    )


def _structured(operation: str) -> set[str]:
    """The wire names of the parameters that the SDK takes as objects and sends as JSON."""
    shrunk = getattr(models, f"{operation}ShrinkRequest", None)
    if shrunk is None:
        return set()
    request = shrunk()
    for attribute in [name for name in vars(request) if name.endswith("_shrink")]:
        setattr(request, attribute, "")
    return set(request.to_map())
