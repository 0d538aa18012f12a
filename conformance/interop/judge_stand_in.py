"""The stages against the stand-in, each with a fresh one unless one listens already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import judge_refusals
import judge_sweep
import scenario
import stand_in
from endpoint import Endpoint
from exchanges import Exchange
from judge_scenarios import Scenarios
from report import Stage


def stages(
    program: Path | None, url: str | None, log: Path, documented: list[Exchange]
) -> Iterator[Callable[[], Stage]]:
    """Scenarios, refusals, and every documented request."""

    def running(name: str, options: list[str]) -> AbstractContextManager[int]:
        if program is None:
            return nullcontext(stand_in.port_of(url or ""))
        return stand_in.started(program, log.with_name(f"stand-in-{name}.log"), options)

    scenarios, sweeps = scenario.load()
    succeeded: set[tuple[str, str]] = set()

    def by_scenarios() -> Stage:
        # Faster than a person waits, and slow enough to see a job before it ends.
        with running("scenarios", ["--pace", "1s,500ms"]) as port:
            judge = Scenarios(Endpoint(port), documented)
            judge.run(scenarios)
        succeeded.update(judge.succeeded)
        return judge.stage

    def by_refusals() -> Stage:
        with running("refusals", judge_refusals.options()) as port:
            return judge_refusals.judge(port, documented, program is not None)

    def by_sweep() -> Stage:
        with running("sweep", []) as port:
            return judge_sweep.judge(Endpoint(port), documented, sweeps, succeeded)

    yield by_scenarios
    yield by_refusals
    yield by_sweep
