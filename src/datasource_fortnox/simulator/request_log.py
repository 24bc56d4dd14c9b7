"""The log of what reached the simulator, for the invariants of T 2.2: who called what, when, and how densely."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["LoggedRequest", "RequestLog"]


@dataclass
class LoggedRequest:
    """One request. ``stamp`` is seconds on the limiter's time line, ``at`` the simulated moment (ISO, UTC).

    ``status`` is what the client was sent, 0 where it got no status at all; ``fault`` names an injected fault.
    """

    number: int
    method: str
    path: str
    query: str
    tenant: int | None
    client_id: str | None
    grant: str
    stamp: float
    at: str
    body_sha256: str
    status: int = 0
    fault: str = ""


class RequestLog:
    """All requests since the start or the last `clear`."""

    def __init__(self) -> None:
        self.entries: list[LoggedRequest] = []

    def clear(self) -> None:
        """Forget everything."""
        self.entries.clear()

    def max_in_window(self, window_s: float = 5.0) -> dict[str, int]:
        """Per client and tenant the most API requests in any window (G7), keyed ``client/tenant``.

        Token and consent traffic is not counted.
        """
        windows: dict[str, deque[float]] = {}
        most: dict[str, int] = {}
        api = (entry for entry in self.entries if entry.path.startswith("/3/") and entry.tenant is not None)
        for entry in sorted(api, key=lambda entry: entry.stamp):
            key = f"{entry.client_id}/{entry.tenant}"
            window = windows.setdefault(key, deque())
            window.append(entry.stamp)
            while window[0] <= entry.stamp - window_s:
                window.popleft()
            most[key] = max(most.get(key, 0), len(window))
        return most

    def as_dict(self, window_s: float = 5.0) -> dict[str, Any]:
        """JSON form of the log."""
        return {
            "requests": [asdict(entry) for entry in self.entries],
            "count": len(self.entries),
            "throttled": sum(entry.status == 429 for entry in self.entries),
            "max_in_window": self.max_in_window(window_s),
        }
