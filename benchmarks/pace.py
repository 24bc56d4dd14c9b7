"""How well the shared pace uses an allowance of 25 calls per sliding 5 s, and how near it comes to breaking it.

A discrete simulation over the same rules that the product runs (`closing_host.sources.pace`): processes share one
row, every call reaches the server after a delay that varies, and the server counts its own window and answers 429.
No waiting: an hour takes seconds.

    python -m benchmarks.pace            # the table
    python -m benchmarks.pace --hours 4  # longer
"""

import argparse
import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from closing_host.api.source import RateLimit
from closing_host.sources.pace import Allowance, Lane, refuse, take
from closing_host.storage.paces import PaceRow

LIMIT = RateLimit(25, 5.0)


@dataclass
class Server:
    """A sliding window as the server sees it. `closed(now)`: it refuses everything, as in a storm."""

    limit: RateLimit = LIMIT
    closed: Callable[[float], bool] = lambda now: False
    arrivals: deque[float] = field(default_factory=deque)
    accepted: int = 0
    refused: int = 0
    fullest: int = 0

    def answer(self, now: float) -> bool:
        """Count the call; False is a 429. Refused calls count too: hammering prolongs it."""
        while self.arrivals and self.arrivals[0] <= now - self.limit.seconds:
            self.arrivals.popleft()
        self.arrivals.append(now)
        self.fullest = max(self.fullest, len(self.arrivals))
        if self.closed(now) or len(self.arrivals) > self.limit.calls:
            self.refused += 1
            return False
        self.accepted += 1
        return True


@dataclass
class Caller:
    """One worker that always has a next call. `installation` names whose row it shares."""

    lane: Lane = "bulk"
    installation: int = 0
    asked_at: float = 0.0
    calls: int = 0
    waits: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    server: Server
    callers: list[Caller]
    seconds: float

    @property
    def use(self) -> float:
        """Accepted calls as a share of what the limit allows."""
        return self.server.accepted / (self.seconds * self.server.limit.calls / self.server.limit.seconds)


def run(
    callers: list[Caller],
    *,
    seconds: float,
    jitter: float,
    seed: int = 1,
    server: Server | None = None,
    pause: Callable[[Caller], float] = lambda caller: 0.0,
) -> Result:
    """Let every caller call again and again for `seconds`; each call takes 0 to `jitter` s to arrive.

    `pause`: seconds that a caller rests between an answer and its next call.
    """
    draw = random.Random(seed)
    allowance = Allowance.of(LIMIT)
    server = server or Server()
    rows: dict[int, PaceRow] = {}
    order = 0
    events: list[tuple[float, int, str, Caller, float]] = []

    def at(when: float, what: str, caller: Caller, sent: float = 0.0) -> None:
        nonlocal order
        order += 1
        heapq.heappush(events, (when, order, what, caller, sent))

    for caller in callers:
        at(draw.random(), "ask", caller)
    while events:
        now, _, what, caller, sent = heapq.heappop(events)
        if now >= seconds:
            break
        row = rows.get(caller.installation) or allowance.fresh(now)
        if what == "ask":
            caller.asked_at = now
            what = "try"
        if what == "try":
            rows[caller.installation], wait = take(row, allowance, caller.lane, now)
            if wait > 0:
                at(now + wait + draw.random() * 0.01, "try", caller)
            else:
                caller.waits.append(now - caller.asked_at)
                at(now + draw.random() * jitter, "arrive", caller, now)
        elif server.answer(now):
            caller.calls += 1
            at(now + 0.05 + pause(caller), "ask", caller)
        else:
            rows[caller.installation] = refuse(
                row, allowance, now, sent_at=sent, retry_after=None, chance=draw.random()
            )
            at(now, "ask", caller)
    return Result(server, callers, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the shared pace.")
    parser.add_argument("--hours", type=float, default=1.0)
    hours = parser.parse_args().hours
    print(f"25 calls per sliding 5 s, {hours:g} h of simulated time, calls always waiting")
    print(f"{'processes':>9}  {'jitter s':>8}  {'most in 5 s':>11}  {'use':>6}  {'429s':>5}")
    for processes in (1, 2, 4, 8):
        for jitter in (0.0, 0.05, 0.2, 1.0):
            result = run([Caller() for _ in range(processes)], seconds=hours * 3600, jitter=jitter)
            server = result.server
            print(f"{processes:>9}  {jitter:>8.2f}  {server.fullest:>11}  {result.use:>6.1%}  {server.refused:>5}")


if __name__ == "__main__":
    main()
