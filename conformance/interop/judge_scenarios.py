"""Scenarios, from the creation of a thing to its end, by the SDKs against the stand-in."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import places
from calling import SDKS, Mistyped, Values
from endpoint import Endpoint
from exchanges import Exchange
from report import Stage, count
from scenario import Scenario, Step, filled

_PAUSE_SECONDS = 0.2
_PROJECT = "6204a5bd270343b5885144cf9c8c158d"
_BUCKET = "interop-1250000000"
_REGION = "ap-chongqing"


class Scenarios:
    """Runs scenarios, and knows which operations succeeded."""

    def __init__(self, endpoint: Endpoint, documented: list[Exchange]) -> None:
        self.stage = Stage("scenarios, by the SDKs against the stand-in")
        self.succeeded: set[tuple[str, str]] = set()
        self._endpoint = endpoint
        self._documented = documented
        self._calls = 0
        self._checks = 0

    def run(self, scenarios: list[Scenario]) -> None:
        """Runs all of them; one that fails ends there, the others go on."""
        for scenario in scenarios:
            names = dict(scenario.values)
            for number, step in enumerate(scenario.steps, 1):
                title = f"{scenario.service}: {scenario.name}, step {number}, {step.call}"
                if not self._step(scenario.service, step, names, title):
                    break
        services = Counter(scenario.service for scenario in scenarios)
        self.stage.counts = [
            count(len(self.succeeded), "operation"),
            count(len(scenarios), "scenario"),
            count(self._calls, "call"),
            count(self._checks, "check"),
            *(f"{service} {number}" for service, number in services.items()),
        ]

    def _step(self, service: str, step: Step, names: dict[str, Any], title: str) -> bool:
        """Whether the steps that follow can be made."""
        exchange = self._exchange(service, step)
        if exchange is None:
            self.stage.fail(title, f"there is no documented request {step.example or 'without a broken rule'}")
            return False
        changes = {name: filled(value, names) for name, value in step.with_values.items()}
        sdk = SDKS[service]
        values = sdk.values(exchange.document).changed(changes, step.without)
        # Examples are of several buckets and projects; what one step makes, the next one is to find.
        if service == "huawei-vas":
            values = values.changed({"project_id": _PROJECT})
        if service == "tencent-ci":
            exchange = replace(exchange, region=_REGION, settings={"bucket": _BUCKET})
        end = time.monotonic() + step.within
        while True:
            self._calls += 1
            mistyped = []
            try:
                answer = sdk.call(self._endpoint, exchange, values)
            except Mistyped as error:
                mistyped.append(str(error))
                answer = error.answer
            except Exception as error:  # Whatever an SDK raises is what is asked for.
                refused = list(self._refused(service, step, names, error))
                if refused:
                    self.stage.fail(title, *refused, f"values  {values}")
                return not refused
            faults = [*self._faults(step, names, answer), *self._silences(step, values, answer)]
            if not faults or time.monotonic() >= end:
                break
            time.sleep(_PAUSE_SECONDS)
        faults += mistyped
        if faults:
            self.stage.fail(title, *faults, f"values  {values}", f"answer  {json.dumps(answer, ensure_ascii=False)}")
        else:
            self.succeeded.add((service, step.call))
        return step.keep.keys() <= names.keys()

    def _exchange(self, service: str, step: Step) -> Exchange | None:
        def fits(exchange: Exchange) -> bool:
            if (exchange.service, exchange.operation) != (service, step.call):
                return False
            return exchange.name.endswith(f"/{step.example}") if step.example else not exchange.broken

        return next(filter(fits, self._documented), None)

    def _refused(self, service: str, step: Step, names: dict[str, Any], error: Exception) -> Iterator[str]:
        refusal = SDKS[service].refusal(error)
        if step.refused is None or refusal is None:
            yield f"the SDK raised {error!r}"
            return
        for what, expected in step.refused.items():
            self._checks += 1
            found, expected = getattr(refusal, what), filled(expected, names)
            if found != expected:
                yield f"{what} of the refusal: expected {expected!r}, found {found!r}: {refusal}"
        if not refusal.request_id:
            yield f"the refusal has no request id: {refusal}"

    def _faults(self, step: Step, names: dict[str, Any], answer: Any) -> Iterator[str]:
        """How an answer is not as expected; if it is, what is to be kept of it is kept."""
        if step.refused is not None:
            yield f"expected a refusal, {step.refused}"
            return
        yield from self._all(
            answer, step.expect, names, "is", lambda found, value: set(map(repr, found)) == {repr(value)}
        )
        yield from self._all(answer, step.contains, names, "contains", lambda found, value: value in found)
        yield from self._all(answer, step.lacks, names, "lacks", lambda found, value: value not in found)
        present = dict.fromkeys(step.present, "")
        yield from self._all(
            answer, present, names, "is not", lambda found, _: any(item not in (None, "") for item in found)
        )
        for name, place in step.keep.items():
            found = places.at(answer, place)
            if not found or found[0] in (None, ""):
                yield f"{place}: expected a value, found {found}"
            else:
                names[name] = found[0]

    def _silences(self, step: Step, values: Values, answer: Any) -> Iterator[str]:
        """What the body of the request says and the answer does not repeat.

        The answer may have it deeper than the request: parameters of a template stand in a container that has its name.
        """
        for asked, told in step.echoes.items():
            said = [value for item in places.at(answer, told) for value in places.leaves(item)]
            for given in places.at(values.body, asked) if asked else [values.body]:
                for place, value in places.leaves(given):
                    self._checks += 1
                    if value in (None, "") or any(
                        f".{known}".endswith(f".{place}") and is_same(value, item) for known, item in said
                    ):
                        continue
                    yield f"{told}: expected that it repeats {place} {value!r}"

    def _all(
        self,
        answer: Any,
        expected: dict[str, Any],
        names: dict[str, Any],
        verb: str,
        holds: Callable[[list[Any], Any], bool],
    ) -> Iterator[str]:
        """The places at which not what is expected stands."""
        for place, value in expected.items():
            self._checks += 1
            found, value = places.at(answer, place), filled(value, names)
            if not holds(found, value):
                yield f"{place}: expected that it {verb} {value!r}, found {found}"


def is_same(asked: Any, told: Any) -> bool:
    """Whether a value is repeated; in XML everything is text, and numbers may be written in several ways."""
    if str(asked) == str(told):
        return True
    try:
        return float(asked) == float(told)
    except (TypeError, ValueError):
        return str(asked).lower() == str(told).lower()
