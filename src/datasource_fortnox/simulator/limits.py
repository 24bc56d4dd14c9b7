"""Fortnox's rate limit: 25 requests in any 5 seconds per client and tenant (F 2, D)."""

from __future__ import annotations

import json
import time
from collections import deque
from typing import TYPE_CHECKING

from datasource_fortnox.simulator.exchange import Reply

if TYPE_CHECKING:
    from datasource_fortnox.simulator.world import World

__all__ = ["SlidingWindow"]


class SlidingWindow:
    """Counts requests per key in the time that the switch ``limiter_time`` names."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.seen: dict[object, deque[float]] = {}
        """When each key's counted requests came, oldest first."""

    def now(self) -> float:
        """Seconds on the limiter's time line; the request log is stamped with it too."""
        return time.monotonic() if self._world.switches.limiter_time == "real" else self._world.clock.timestamp()

    def admits(self, key: object) -> bool:
        """Count one request; False if the window was full (a refused one counts too by the switch)."""
        switches, now = self._world.switches, self.now()
        seen = self.seen.setdefault(key, deque())
        while seen and not now - switches.rate_window_s < seen[0] <= now:
            seen.popleft()
        free = len(seen) < switches.rate_max
        if free or switches.throttled_requests_count:
            seen.append(now)
        return free

    def refusal(self, *, retry_after: int | None = None) -> Reply:
        """The 429 answer; its body and ``Retry-After`` are unknown (F 12 [1]) and therefore switches."""
        switches = self._world.switches
        message = "Too Many Requests"
        error = {"ErrorInformation": {"error": 1, "message": message, "code": 429}}
        body, content_type = {
            "text": (message, "text/plain;charset=UTF-8"),
            "empty": ("", "text/plain;charset=UTF-8"),
            "message": (json.dumps({"message": message}), "application/json"),
            "error_information": (json.dumps(error), "application/json"),
        }[switches.rate_body]
        wait = switches.retry_after if retry_after is None else retry_after
        headers = {} if wait is None else {"Retry-After": str(wait)}
        return Reply(429, body.encode(), content_type, headers)
