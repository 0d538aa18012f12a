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


def judge(documented: list[Exchange], random: list[Exchange], table: Table) -> Stage:
    """Every difference has an explanation, and every explanation a difference of a documented request."""
    judge_ = _Judge(table, Stage("requests, compared with the SDKs'"))
    with recorder() as server:
        for exchange in documented:
            judge_.compare(server, exchange, lambda difference: True)
        judge_.hold_table()
        for exchange in random:
            judge_.compare(server, exchange, _is_encoding)
    return judge_.finish()


class _Judge:
    def __init__(self, table: Table, stage: Stage) -> None:
        self._table = table
        self._stage = stage
        self._unreadable: set[str] = set()
        self._operations: set[tuple[str, str]] = set()
        self._absent: set[tuple[str, str]] = set()
        self._compared = 0
        self._explained = 0

    def compare(self, server: Recorder, exchange: Exchange, counts: meaning.Filter) -> None:
        """Sends an exchange's request through the SDK, and compares what came with what our client sends."""
        stage, operation = self._stage, (exchange.service, exchange.operation)
        if not SDKS[exchange.service].is_known(exchange.operation):
            self._absent.add(operation)
            return
        self._send(server, exchange)
        if len(server.requests) != 1:
            stage.fail(exchange.name, f"the SDK sent {count(len(server.requests), 'request')}, expected 1")
            return
        self._operations.add(operation)
        self._compared += 1
        for difference in filter(counts, _differences(server, exchange, self._table)):
            # Each entry is asked, so that each that is needed knows it.
            if any([entry.explains(difference) for entry in self._table.differences]):
                self._explained += 1
                continue
            name = f"{difference.name}: {difference.place}: {difference.kind}, and nothing explains it"
            stage.fail(name, f"ours    {difference.ours}", f"theirs  {difference.theirs}")

    def _send(self, server: Recorder, exchange: Exchange) -> None:
        """Lets the SDK send, and read the documented answer."""
        server.expect(exchange.answer)
        example = exchange.name.partition("/random-")[0]
        sdk = SDKS[exchange.service]
        try:
            sdk.call(Endpoint(server.port, exchange.key), exchange, sdk.values(exchange.document))
        except Exception as error:  # Whatever an SDK raises is what is asked for.
            self._unreadable.add(example)
            if example not in self._table.unreadable:
                fault = f"the SDK can't send it, or read the documented answer: {error!r}"
                self._stage.fail(exchange.name, fault, exchange.answer.body if exchange.answer else "(no answer)")

    def hold_table(self) -> None:
        """Fails for what the table lacks or says in vain."""
        table, stage = self._table, self._stage
        for entry in table.differences:
            for what in entry.unneeded():
                name = f"differences.toml: {entry.service}: {what}"
                stage.fail(name, "there is no such difference, delete it", entry.why)
        for service, operation in sorted(self._absent - table.absent.keys()):
            stage.fail(f"{service}: {operation}", "the SDK has no such operation, and differences.toml does not say so")
        for service, operation in sorted(table.absent.keys() - self._absent):
            stage.fail(f"differences.toml: {service}: {operation}", "the SDK has it, delete it")
        for example in sorted(table.unreadable.keys() - self._unreadable):
            stage.fail(f"differences.toml: {example}", "the SDK reads the answer, delete it")

    def finish(self) -> Stage:
        """What was found."""
        self._stage.counts = [
            count(len(self._operations), "operation"),
            count(self._compared, "request"),
            f"{count(self._explained, 'difference')} explained ({len(self._table.differences)} reasons)",
            f"{count(len(self._absent), 'operation')} not in the SDKs",
        ]
        return self._stage


def _differences(server: Recorder, exchange: Exchange, table: Table) -> Iterator[Difference]:
    volatile = frozenset(table.volatile)
    ours, theirs = (meaning.meaning(request, volatile) for request in (exchange.request, server.requests[0]))
    # The SDK was told where the recorder is; what counts is where it would have gone.
    ours["header host"] = exchange.request.named_headers.get("host")
    theirs["header host"] = SDKS[exchange.service].host(exchange)
    for place, mine, other in meaning.compare(ours, theirs):
        yield Difference(exchange.service, exchange.operation, exchange.name, place, mine, other)


def _is_encoding(difference: Difference) -> bool:
    """Whether a difference counts where values are awkward by chance.

    What only one side sends, or sends as another type, is the affair of documented values; that a text means the same
    to both is not.
    """
    if not difference.place.startswith(("query ", "body ")):
        return True
    sides = (difference.ours or "", difference.theirs or "")
    return all(side.startswith('"') for side in sides)
