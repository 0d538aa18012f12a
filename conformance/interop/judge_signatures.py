"""The SDKs' own signing code computes our clients' signatures."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import signing
from exchanges import Exchange
from report import Stage, count


def judge(documented: list[Exchange], random: list[Exchange]) -> Stage:
    """Every signature is the one that the SDK's code computes, and no other secret's."""
    stage = Stage("signatures, computed by the SDKs' own code")
    for exchange in documented + random:
        faults = signing.faults(exchange)
        if faults:
            stage.fail(exchange.name, f"{exchange.request.method} {exchange.request.target}", *faults)
        elif not signing.faults(replace(exchange, key=replace(exchange.key, secret=exchange.key.secret + "."))):
            stage.fail(exchange.name, "the SDK's code computes the same signature with another secret")
    services = Counter(exchange.service for exchange in documented + random)
    operations = {(exchange.service, exchange.operation) for exchange in documented + random}
    stage.counts = [
        count(len(operations), "operation"),
        f"{count(len(documented), 'documented request')} and {len(random)} random ones",
        *(f"{service} {number}" for service, number in services.items()),
    ]
    return stage
