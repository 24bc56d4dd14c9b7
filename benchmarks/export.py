"""How fast closing entries go into Fortnox, against what its rate limit allows: 25 calls in any 5 seconds.

The whole product in one process with the simulator, on a clock that only moves when somebody waits, so an hour of
waiting takes no time: seconds below are simulated, CPU time is real. Beside it, in the same run, the limit itself: the
same pace with nothing but calls, and the calls that are not vouchers.

    python -m benchmarks.export                  # 100 vouchers, and 100 with one lost answer
    python -m benchmarks.export --vouchers 500
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from export_world.journal_laws import next_due
from export_world.template import template
from export_world.world import World, world

ALLOWED = 25 / 5.0
"""Calls per second that Fortnox admits (F 2)."""


@dataclass(frozen=True)
class Result:
    """One export. Seconds are simulated, `cpu` is real: until the last voucher was booked, until the final look."""

    vouchers: int
    seconds: float
    looked: float
    calls: int
    cpu: float
    most: int

    @property
    def rate(self) -> float:
        return self.vouchers / self.seconds


def measured(vouchers: int, *, lost: bool) -> Result:
    """Export; with `lost`, the answer to the voucher in the middle is lost after it was booked."""
    with world() as story:
        for number in range(vouchers):
            story.add_entry(10_000 + number)
        if lost:
            story.line.plan("N8", nth=vouchers // 2)
        cpu, began = time.process_time(), story.simulator.clock.timestamp()
        story.export()
        if lost:
            _go_on(story)
        cpu, looked = time.process_time() - cpu, story.simulator.clock.timestamp() - began
        last = max(each.stamp for each in story.simulator.log.entries if each.method == "POST")
        if len(story.ground.all()) != vouchers:
            raise AssertionError("not every voucher was booked once")
        log = story.simulator.log
        calls = sum(each.path.startswith("/3/") for each in log.entries)
        return Result(vouchers, last - began, looked, calls, cpu, max(log.max_in_window().values()))


def _go_on(story: World) -> None:
    """Come back when the lost answer can be looked for, and send the rest."""
    while (due := next_due(story, active=True)) is not None:
        story.advance(max(1.0, due.timestamp() - story.simulator.clock.timestamp()))
        story.resume()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the export.")
    parser.add_argument("--vouchers", type=int, default=100)
    vouchers = parser.parse_args().vouchers
    template("service_account")
    print(f"{vouchers} vouchers into one series; the limit admits {ALLOWED:g} calls a second, the pace keeps to 4.5")
    columns = ("", "last booked s", "looked at s", "vouchers/s", "of limit", "calls", "most in 5 s", "CPU ms each")
    print("  ".join(f"{name:>{max(8, len(name))}}" if name else f"{'':22}" for name in columns))
    print(f"{'nothing but the calls':22}  {vouchers / 4.5:>13.0f}  {'':11}  {4.5:>10.2f}  {4.5 / ALLOWED:>8.0%}")
    for name, lost in (("no fault", False), ("one answer lost", True)):
        got = measured(vouchers, lost=lost)
        print(
            f"{name:22}  {got.seconds:>13.0f}  {got.looked:>11.0f}  {got.rate:>10.2f}  {got.rate / ALLOWED:>8.0%}"
            f"  {got.calls:>8}  {got.most:>11}  {got.cpu / vouchers * 1000:>11.1f}"
        )


if __name__ == "__main__":
    main()
