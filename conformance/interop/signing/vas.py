"""SDK-HMAC-SHA256 by `huaweicloudsdkcore`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer

from exchanges import Exchange


def authorization(exchange: Exchange) -> str:
    """The header that the SDK would send with these headers signed."""
    sent = exchange.request
    headers = sent.named_headers
    request = SdkRequest(
        method=sent.method,
        schema="https",
        host=headers["host"],
        resource_path=sent.path,
        query_params=list(sent.query),
        header_params={name: headers[name] for name in _signed(exchange)},
        body=sent.body,
    )
    signer = Signer(BasicCredentials(exchange.key.id, exchange.key.secret, "project"))
    return str(signer.sign(request).header_params["Authorization"])


def unsigned(exchange: Exchange) -> Iterator[str]:
    """What the service wants signed and is not."""
    signed = _signed(exchange)
    for name in exchange.request.named_headers:
        if (name.startswith("x-") or name in ("host", "content-type")) and name not in signed:
            yield f"the header {name} is not signed"


def _signed(exchange: Exchange) -> list[str]:
    found = re.search(r"SignedHeaders=([^,]*)", exchange.request.named_headers.get("authorization", ""))
    return found.group(1).split(";") if found else []
