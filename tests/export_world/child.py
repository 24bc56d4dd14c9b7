"""A process that exports over real sockets and is killed on the way."""

import asyncio
import os
import signal
from datetime import datetime, timedelta
from pathlib import Path

from closing_host.engagements.exporting import export
from closing_host.engagements.host import Host
from closing_host.storage.audit import Actor
from closing_host.storage.crashpoints import crash_handler
from export_world.company import SERIES, YEAR


class OwnClock:
    """Stands at the given moment and moves when the process waits."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds + 0.001)


def main(folder: Path, engagement_id: int, now: datetime, point: str, key: str) -> None:
    """Export everything; die without any farewell at the first passing of `point`, if there is one."""
    os.environ["CLOSING_KEY"] = key
    clock = OwnClock(now)

    def kill(passed: str) -> None:
        if passed == point:
            os.kill(os.getpid(), signal.SIGKILL)

    async def work(host: Host) -> None:
        await export(host, engagement_id, YEAR, series=SERIES, accepted_warnings=True, approval="from the child")

    opened = Host.open(folder, Actor("anna"), clock=clock, sleep=clock.sleep)
    with opened as host, crash_handler(kill):
        asyncio.run(work(host))
