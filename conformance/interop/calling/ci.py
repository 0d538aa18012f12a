"""Tencent Cloud CI through `cos-python-sdk-v5`, whose operations are methods with arguments of their own."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

from qcloud_cos import CosConfig, CosS3Client
from qcloud_cos.cos_exception import CosServiceError

from endpoint import Endpoint
from exchanges import Exchange, Message
from meaning import xml_values

from .refusal import Refusal
from .values import Values

# The SDK logs every refusal as an error of its own.
logging.getLogger("qcloud_cos").setLevel(logging.CRITICAL)

Send = Callable[[CosS3Client, str, dict[str, str], dict[str, Any]], Any]


def _arguments(given: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    """Arguments of a method, of values by wire name."""
    return {argument: given[wire] for wire, argument in names.items() if wire in given}


_LIST_JOBS = {
    "tag": "Tag",
    "queueId": "QueueId",
    "orderByTime": "OrderByTime",
    "nextToken": "NextToken",
    "size": "Size",
    "states": "States",
    "startCreationTime": "StartCreationTime",
    "endCreationTime": "EndCreationTime",
}
_LIST_TEMPLATES = {
    "category": "Category",
    "ids": "Ids",
    "name": "Name",
    "pageNumber": "PageNumber",
    "pageSize": "PageSize",
}
_LIST_QUEUES = {"state": "State", "queueIds": "QueueIds", "pageNumber": "PageNumber", "pageSize": "PageSize"}
_LIST_BUCKETS = {
    "regions": "Regions",
    "bucketName": "BucketName",
    "bucketNames": "BucketNames",
    "pageNumber": "PageNumber",
    "pageSize": "PageSize",
}

# By method and path; what the path holds in braces comes as a value of that name.
_ROUTES: dict[str, Send] = {
    "POST /jobs": lambda client, bucket, given, body: client.ci_create_media_jobs(
        Bucket=bucket, Jobs=body, ContentType="application/xml"
    ),
    "GET /jobs": lambda client, bucket, given, body: client.ci_list_media_jobs(
        Bucket=bucket, **_arguments(given, _LIST_JOBS)
    ),
    "GET /jobs/{id}": lambda client, bucket, given, body: client.ci_get_media_jobs(Bucket=bucket, JobIDs=given["id"]),
    "PUT /jobs/{id}": lambda client, bucket, given, body: client.ci_cancel_jobs(Bucket=bucket, JobID=given["id"]),
    "POST /template": lambda client, bucket, given, body: client.ci_create_template(Bucket=bucket, Template=body),
    "PUT /template/{id}": lambda client, bucket, given, body: client.ci_update_template(
        Bucket=bucket, TemplateId=given["id"], Template=body
    ),
    "GET /template": lambda client, bucket, given, body: client.ci_get_template(
        Bucket=bucket, **_arguments(given, _LIST_TEMPLATES)
    ),
    "DELETE /template/{id}": lambda client, bucket, given, body: client.ci_delete_template(
        Bucket=bucket, TemplateId=given["id"]
    ),
    "GET /queue": lambda client, bucket, given, body: client.ci_get_media_queue(
        Bucket=bucket, **_arguments(given, _LIST_QUEUES)
    ),
    "PUT /queue/{id}": lambda client, bucket, given, body: client.ci_update_media_queue(
        Bucket=bucket, QueueId=given["id"], Request=body, ContentType="application/xml"
    ),
    "GET /mediabucket": lambda client, bucket, given, body: client.ci_get_media_bucket(
        **_arguments(given, _LIST_BUCKETS)
    ),
}
# Operations that none of the SDK's methods sends.
_UNKNOWN = {"CreateMediaBucket"}


def is_known(operation: str) -> bool:
    """Whether the SDK has the operation."""
    return operation not in _UNKNOWN


def call(endpoint: Endpoint, exchange: Exchange, values: Values) -> Any:
    """Calls an exchange's operation with these values; gives the answer's body as the SDK reads it."""
    send = _ROUTES[f"{exchange.document.method} {_route(exchange.document)}"]
    return send(_client(endpoint, exchange.region), exchange.settings["bucket"], values.given, values.body)


def host(exchange: Exchange) -> str:
    """The host that the SDK chooses for the region."""
    config = CosConfig(Region=exchange.region, SecretId="id", SecretKey="secret")
    # Only the list of buckets goes to a host without one.
    bucket = None if exchange.document.path == "/mediabucket" else exchange.settings["bucket"]
    return urlsplit(str(config.uri(bucket=bucket, path="/", endpoint=config._endpoint_ci))).netloc


def values(document: Message) -> Values:
    """The operation's values in a documented request."""
    given = dict(document.query)
    inside = re.fullmatch(r"/\w+/(?P<id>[^/]+)", document.path)
    body = xml_values(document.body) if document.body else {}
    in_path = {"id": unquote(inside["id"])} if inside else {}
    return Values(given | in_path, next(iter(body.values()), {}))


def refusal(error: Exception) -> Refusal | None:
    """What an exception tells of a refusal; none if it is of another kind."""
    if not isinstance(error, CosServiceError):
        return None
    kind = "client" if error.get_status_code() < 500 else "server"
    return Refusal(kind, error.get_status_code(), error.get_error_code(), error.get_error_msg(), error.get_request_id())


def _client(endpoint: Endpoint, region: str) -> CosS3Client:
    key = endpoint.key
    config = CosConfig(
        Region=region,
        SecretId=key.id,
        SecretKey=key.secret,
        Token=key.token,
        Scheme="http",
        Endpoint=f"ci.{region}.myqcloud.com",
        IP="127.0.0.1",
        Port=endpoint.port,
        Timeout=20,
    )
    return CosS3Client(config, retry=0)


def _route(document: Message) -> str:
    return re.sub(r"^(/\w+)/[^/]+$", r"\1/{id}", document.path)
