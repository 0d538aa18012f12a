"""The table of explained differences, `differences.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from meaning import Difference, general

_FILE = Path(__file__).with_name("differences.toml")


@dataclass
class Explanation:
    """Why our client and an SDK differ at some places of some operations' requests."""

    service: str
    places: list[str]
    operations: list[str]
    ours: str | None
    theirs: str | None
    why: str
    # Pairs of place and operation that occurred.
    met: set[tuple[str, str]] = field(default_factory=set)

    def explains(self, difference: Difference) -> bool:
        """Whether it is about this difference; if so, it is needed."""
        same_service = self.service == difference.service
        place = next((place for place in self.places if fnmatchcase(general(difference.place), place)), None)
        operation = next((name for name in self.operations if name in ("*", difference.operation)), None)
        if not same_service or place is None or operation is None:
            return False
        if not (_fits(self.ours, difference.ours) and _fits(self.theirs, difference.theirs)):
            return False
        self.met.add((place, operation))
        return True

    def unneeded(self) -> Iterator[str]:
        """Places and operations that it names in vain."""
        places, operations = {place for place, _ in self.met}, {operation for _, operation in self.met}
        yield from (f"{place}" for place in self.places if place not in places)
        yield from (f"operation {name}" for name in self.operations if name not in operations)


@dataclass
class Table:
    """All that is explained."""

    # Headers that differ from call to call or machine to machine, with the reason.
    volatile: dict[str, str]
    differences: list[Explanation]
    # Operations that an SDK lacks, by service and name, with the reason.
    absent: dict[tuple[str, str], str]
    # Documented answers that an SDK can't read, by example, with the reason.
    unreadable: dict[str, str]


def load() -> Table:
    """Reads the table."""
    with _FILE.open("rb") as file:
        text: dict[str, Any] = tomllib.load(file)
    return Table(
        volatile={name: entry["why"] for entry in text.get("volatile", []) for name in entry["headers"]},
        differences=[
            Explanation(
                service=entry["service"],
                places=entry["places"],
                operations=entry.get("operations", ["*"]),
                ours=entry.get("ours"),
                theirs=entry.get("theirs"),
                why=entry["why"],
            )
            for entry in text.get("difference", [])
        ],
        absent={
            (entry["service"], name): entry["why"] for entry in text.get("absent", []) for name in entry["operations"]
        },
        unreadable={entry["example"]: entry["why"] for entry in text.get("unreadable", [])},
    )


def _fits(pattern: str | None, found: str | None) -> bool:
    """Whether a side is as described: without a pattern it must lack the place."""
    return found is None if pattern is None else found is not None and fnmatchcase(found, pattern)
