"""Every documented request, sent once by the SDKs to a fresh stand-in."""

from __future__ import annotations

from calling import SDKS, Mistyped
from endpoint import Endpoint
from exchanges import Exchange
from report import Stage, count
from scenario import Sweep


def judge(
    endpoint: Endpoint, documented: list[Exchange], sweeps: dict[str, Sweep], succeeded: set[tuple[str, str]]
) -> Stage:
    """Each succeeds, or is refused since what it names was never made, or since it breaks a documented rule.

    Every operation that an SDK knows succeeds here or in a scenario.
    """
    stage = Stage("documented requests, by the SDKs against the stand-in")
    accepted = absent = invalid = 0
    known: set[tuple[str, str]] = set()
    for exchange in documented:
        sdk, sweep = SDKS[exchange.service], sweeps[exchange.service]
        if not sdk.is_known(exchange.operation):
            continue
        known.add((exchange.service, exchange.operation))
        values = sdk.values(exchange.document).changed({}, sweep.without)
        try:
            sdk.call(endpoint, exchange, values)
        except Mistyped as error:
            stage.fail(exchange.name, str(error))
        except Exception as error:  # Whatever an SDK raises is what is asked for.
            refusal = sdk.refusal(error)
            if refusal is None:
                stage.fail(exchange.name, f"the SDK raised {error!r}", f"values  {values}")
            elif not refusal.request_id:
                stage.fail(exchange.name, f"the refusal has no request id: {refusal}")
            elif exchange.broken and refusal.code in sweep.invalid:
                invalid += 1
            elif not exchange.broken and refusal.code in sweep.excused:
                absent += 1
            else:
                rules = f"breaks {', '.join(exchange.broken) or 'no rule'}"
                stage.fail(exchange.name, f"{rules}, and is refused: {refusal}", f"values  {values}")
            continue
        if exchange.broken:
            rules = ", ".join(exchange.broken)
            stage.fail(exchange.name, f"breaks {rules}, and is accepted", f"values  {values}")
            continue
        accepted += 1
        succeeded.add((exchange.service, exchange.operation))
    for service, operation in sorted(known - succeeded):
        stage.fail(f"{service}: {operation}", "never succeeded, neither here nor in a scenario")
    stage.counts = [
        count(len(known), "operation"),
        count(accepted + absent + invalid, "request"),
        f"{accepted} accepted",
        f"{absent} refused for what is not there",
        f"{invalid} for a broken rule",
    ]
    return stage
