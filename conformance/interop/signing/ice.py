"""ACS3-HMAC-SHA256 by `alibabacloud_tea_openapi`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest

from exchanges import Exchange

_SCHEME = "ACS3-HMAC-SHA256"


def authorization(exchange: Exchange) -> str:
    """The header that the SDK would send with these headers signed."""
    sent = exchange.request
    request = DaraRequest()
    request.method = sent.method
    request.pathname = sent.path
    request.query = dict(sent.query)
    request.headers = {name: sent.named_headers[name] for name in signed_headers(exchange)}
    key = exchange.key
    return str(Utils.get_authorization(request, _SCHEME, _body_hash(exchange), key.id, key.secret))


def unsigned(exchange: Exchange) -> Iterator[str]:
    """What the service wants signed and is not, or is not what the body says."""
    headers = exchange.request.named_headers
    signed = signed_headers(exchange)
    for name in headers:
        if (name.startswith("x-acs-") or name in ("host", "content-type")) and name not in signed:
            yield f"the header {name} is not signed"
    if headers.get("x-acs-content-sha256") != _body_hash(exchange):
        yield f"x-acs-content-sha256 is {headers.get('x-acs-content-sha256')}, the body's hash {_body_hash(exchange)}"
    if len(dict(exchange.request.query)) != len(exchange.request.query):
        yield "a query parameter stands there twice, which the SDK can't send"


def signed_headers(exchange: Exchange) -> list[str]:
    """The names in our own list of signed headers."""
    found = re.search(r"SignedHeaders=([^,]*)", exchange.request.named_headers.get("authorization", ""))
    return found.group(1).split(";") if found else []


def _body_hash(exchange: Exchange) -> str:
    return bytes(Utils.hash(exchange.request.body.encode(), _SCHEME)).hex()
