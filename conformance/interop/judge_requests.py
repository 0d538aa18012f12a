"""The same operations from our clients and from the SDKs, compared by what the requests mean."""

from __future__ import annotations

from collections.abc import Iterator

import meaning
from calling import SDKS
from endpoint import Endpoint
from exchanges import Exchange
from explained import Table
from meaning import Difference
from recorder import Recorder, recorder
from report import Stage, count


def judge(documented: list[Exchange], table: Table) -> Stage:
    """Every difference has an explanation, and every explanation a difference."""
    stage = Stage("requests, compared with the SDKs'")
    compared, explained, absent = 0, 0, set()
    unreadable = set(table.unreadable)
    with recorder() as server:
        for exchange in documented:
            if not SDKS[exchange.service].is_known(exchange.operation):
                absent.add((exchange.service, exchange.operation))
                continue
            _send(server, exchange, stage, unreadable)
            if len(server.requests) != 1:
                stage.fail(exchange.name, f"the SDK sent {count(len(server.requests), 'request')}, expected 1")
                continue
            compared += 1
            for difference in _differences(server, exchange, table):
                if any([entry.explains(difference) for entry in table.differences]):
                    explained += 1
                    continue
                name = f"{difference.name}: {difference.place}: {difference.kind}, and nothing explains it"
                stage.fail(name, f"ours    {difference.ours}", f"theirs  {difference.theirs}")
    _hold_table(stage, table, absent, unreadable)
    operations = {(exchange.service, exchange.operation) for exchange in documented} - absent
    stage.counts = [
        count(len(operations), "operation"),
        count(compared, "request"),
        f"{count(explained, 'difference')} explained by {count(len(table.differences), 'entry').replace('entrys', 'entries')}",
        f"{count(len(absent), 'operation')} not in the SDKs",
    ]
    return stage


def _send(server: Recorder, exchange: Exchange, stage: Stage, unreadable: set[str]) -> None:
    """Lets the SDK send, and read the documented answer."""
    server.expect(exchange.answer)
    try:
        SDKS[exchange.service].call(Endpoint(server.port), exchange)
    except Exception as error:  # Whatever an SDK raises is what is asked for.
        if exchange.name in unreadable:
            unreadable.discard(exchange.name)
        else:
            stage.fail(exchange.name, f"the SDK can't send it, or read the documented answer: {error!r}")


def _differences(server: Recorder, exchange: Exchange, table: Table) -> Iterator[Difference]:
    volatile = frozenset(table.volatile)
    ours, theirs = (meaning.meaning(request, volatile) for request in (exchange.request, server.requests[0]))
    # The SDK was told where the recorder is; what counts is where it would have gone.
    ours["header host"] = exchange.request.named_headers.get("host")
    theirs["header host"] = SDKS[exchange.service].host(exchange)
    for place, mine, other in meaning.compare(ours, theirs):
        yield Difference(exchange.service, exchange.operation, exchange.name, place, mine, other)


def _hold_table(stage: Stage, table: Table, absent: set[tuple[str, str]], unreadable: set[str]) -> None:
    """Fails for what the table lacks or says in vain."""
    for entry in table.differences:
        for what in entry.unneeded():
            stage.fail(f"differences.toml: {entry.service}: {what}", "there is no such difference, delete it", entry.why)
    for service, operation in sorted(absent - table.absent.keys()):
        stage.fail(f"{service}: {operation}", "the SDK has no such operation, and differences.toml does not say so")
    for service, operation in sorted(table.absent.keys() - absent):
        stage.fail(f"differences.toml: {service}: {operation}", "the SDK has it, delete it")
    for name in sorted(unreadable):
        stage.fail(f"differences.toml: {name}", "the SDK reads the answer, delete it")
