"""What a stage found."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field


@dataclass
class Stage:
    """One stage: what it did, and what is wrong."""

    title: str
    counts: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def fail(self, name: str, *lines: str) -> None:
        """Notes what is wrong with something, with both sides."""
        self.failures.append("\n".join([name, *(textwrap.indent(line, "    ") for line in lines)]))

    def __str__(self) -> str:
        verdict = f"{len(self.failures)} FAILED" if self.failures else "ok"
        lines = [f"{self.title}: {', '.join(self.counts)}: {verdict}"]
        return "\n".join(lines + [textwrap.indent(failure, "  ") for failure in self.failures])


def count(number: int, noun: str) -> str:
    """A number with its noun: `1 request`, `2 requests`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
