"""Where a server on this machine listens, and with whose key it is called."""

from __future__ import annotations

from dataclasses import dataclass, field

from exchanges import Key

# The key that documented requests are signed with and that the stand-in knows from the start.
KNOWN_KEY = Key("mock-id", "mock-secret", None)


@dataclass(frozen=True)
class Endpoint:
    """A server on the loopback interface, and the caller's key."""

    port: int
    key: Key = field(default=KNOWN_KEY)

    @property
    def authority(self) -> str:
        """Address and port."""
        return f"127.0.0.1:{self.port}"
