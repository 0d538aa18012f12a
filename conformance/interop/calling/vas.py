"""Huawei Cloud VAS through `huaweicloudsdkvas`."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import (
    ClientRequestException,
    ServerResponseException,
    ServiceResponseException,
)
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.utils import http_utils
from huaweicloudsdkvas.v2 import VasClient, model
from huaweicloudsdkvas.v2.region.vas_region import VasRegion

from endpoint import Endpoint
from exchanges import Exchange, Message

from .refusal import Refusal
from .values import Values

# The SDK's names of what its other SDKs and pages call otherwise.
_NAMES = {"ListTasks": "ListTasksDetails"}
_PATH = re.compile(r"/v2/(?P<project_id>[^/]*)/services/(?P<service_name>[^/]*)/tasks(/(?P<task_id>[^/]*))?(/\w+)?")


def is_known(operation: str) -> bool:
    """Whether the SDK has the operation."""
    return hasattr(VasClient, _method(operation))


def call(endpoint: Endpoint, exchange: Exchange, values: Values) -> dict[str, Any]:
    """Calls an exchange's operation with these values; gives the answer's body as the SDK's model tells it."""
    operation, given, body = exchange.operation, values.given, values.body
    request_class = getattr(model, f"{_NAMES.get(operation, operation)}Request")
    client = _client(endpoint, given["project_id"])
    request = request_class()
    for attribute, wire in request_class.attribute_map.items():
        if wire == "body" and body is not None:
            setattr(request, attribute, client._deserialize(body, request_class.openapi_types[attribute]))
        elif wire in given:
            setattr(request, attribute, given[wire])
    answer: dict[str, Any] = http_utils.sanitize_for_serialization(getattr(client, _method(operation))(request))
    return answer


def host(exchange: Exchange) -> str:
    """The host that the SDK chooses for the region."""
    return str(VasRegion.value_of(exchange.region).endpoints[0]).removeprefix("https://")


def values(document: Message) -> Values:
    """The operation's values in a documented request."""
    path = _PATH.fullmatch(document.path)
    in_path = {name: unquote(value) for name, value in path.groupdict().items() if value} if path else {}
    return Values(in_path | dict(document.query), json.loads(document.body) if document.body else None)


def refusal(error: Exception) -> Refusal | None:
    """What an exception tells of a refusal; none if it is of another kind."""
    if not isinstance(error, ServiceResponseException):
        return None
    kinds = {ClientRequestException: "client", ServerResponseException: "server"}
    kind = next((name for kind, name in kinds.items() if isinstance(error, kind)), "other")
    return Refusal(kind, error.status_code, error.error_code, error.error_msg, error.request_id)


def _client(endpoint: Endpoint, project_id: str) -> VasClient:
    config = HttpConfig.get_default_config()
    config.timeout = (5, 20)
    credentials = BasicCredentials(endpoint.key.id, endpoint.key.secret, project_id)
    if endpoint.key.token:
        credentials.with_security_token(endpoint.key.token)
    builder = VasClient.new_builder().with_http_config(config).with_credentials(credentials)
    return builder.with_endpoint(f"http://{endpoint.authority}").build()


def _method(operation: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", _NAMES.get(operation, operation)).lower()
