"""The signature of COS by `cos-python-sdk-v5`."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from unittest.mock import patch

import requests
from qcloud_cos import CosConfig
from qcloud_cos.cos_auth import CosS3Auth

from exchanges import Exchange

# The SDK signs from so long before now.
_BEFORE = 60


def authorization(exchange: Exchange) -> str:
    """The header that the SDK would send with these headers signed, at the time at which we signed."""
    sent = exchange.request
    parts = _parts(exchange)
    headers = {name: sent.named_headers[name] for name in _list(parts, "q-header-list")}
    request = requests.Request(sent.method, f"http://{sent.named_headers['host']}/", headers=headers).prepare()
    request.headers.clear()
    request.headers.update(headers)
    begin, end = (int(second) for second in parts["q-sign-time"].split(";"))
    key = exchange.key
    # A name without a value counts as one with an empty value: https://cloud.tencent.com/document/product/436/7778
    parameters = dict(sent.query) | dict.fromkeys(sent.flags, "")
    config = CosConfig(Region=exchange.region, SecretId=key.id, SecretKey=key.secret, Scheme="http")
    signer = CosS3Auth(config, sent.decoded_path, params=parameters, expire=end - begin - _BEFORE)
    with patch("qcloud_cos.cos_auth.time", SimpleNamespace(time=lambda: begin + _BEFORE)):
        return str(signer(request).headers["Authorization"])


def unsigned(exchange: Exchange) -> Iterator[str]:
    """What the service wants signed and is not."""
    parts = _parts(exchange)
    signed = _list(parts, "q-header-list")
    for name in exchange.request.named_headers:
        if (name.startswith(("x-cos-", "x-ci-")) or name in ("host", "content-type")) and name not in signed:
            yield f"the header {name} is not signed"
    if parts.get("q-sign-time") != parts.get("q-key-time"):
        yield f"q-sign-time is {parts.get('q-sign-time')}, q-key-time {parts.get('q-key-time')}"


def _parts(exchange: Exchange) -> dict[str, str]:
    text = exchange.request.named_headers.get("authorization", "")
    return dict(part.partition("=")[::2] for part in text.split("&"))


def _list(parts: dict[str, str], name: str) -> list[str]:
    return [item for item in parts.get(name, "").split(";") if item]
