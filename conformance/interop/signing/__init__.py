"""What each SDK's own signing code makes of a request of ours."""

from __future__ import annotations

from exchanges import Exchange

from . import ci, ice, vas

_SIGNERS = {"alibaba-ice": ice, "huawei-vas": vas, "tencent-ci": ci}


def faults(exchange: Exchange) -> list[str]:
    """Every way in which our signature is not the one that the SDK computes over the same request."""
    signer = _SIGNERS[exchange.service]
    ours = exchange.request.named_headers.get("authorization", "")
    theirs = signer.authorization(exchange)
    found = list(signer.unsigned(exchange))
    if ours != theirs:
        found.append(f"Authorization\n  ours    {ours}\n  theirs  {theirs}")
    return found
