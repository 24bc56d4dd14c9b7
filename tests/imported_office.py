"""An office that has connected and imported, made once and gone back to: where tests of stored attachments begin."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from closing_host.engagements.host import Host
from closing_host.engagements.register import new_engagement
from closing_host.storage.audit import Actor
from closing_host.storage.runs import Run, Runs
from datasource_fortnox.simulator import Memory, RunningSimulator, recall, remember
from datasource_fortnox.simulator.company import Company
from fortnox_office import WHOLE, Office, installation, time_of

BOOKS = "1/2025"
YEAR_START = date(2025, 1, 1)


@dataclass(frozen=True)
class Begun:
    """Engagement 1, connected and with its books of `years`, and the simulator's world at that moment."""

    folder: Path
    memory: Memory
    simulator: RunningSimulator


def begin(folder: Path, simulator: RunningSimulator, years: Sequence[str] = ("2025",)) -> Begun:
    """Connect to Fortnox through the proxy, where every fault can strike, and import `years`."""
    with Host.open(folder / "data", Actor("asa"), **time_of(simulator)) as host:
        set_up = installation(simulator, api_address=simulator.proxy_url)
        host.connections.save_installation("fortnox", set_up, host.actor)
        new_engagement(host, "Exempel", organisation_number="556677-8899", source_id="fortnox")
        office = Office(host, simulator)
        office.connect(1)
        if years:
            office.imported(1, *years)
    return Begun(folder, remember(simulator.world), simulator)


@contextmanager
def gone_back(begun: Begun, folder: Path) -> Iterator[Office]:
    """The office as it was, in a data folder of its own."""
    recall(begun.simulator.world, begun.memory)
    shutil.copytree(begun.folder / "data", folder)
    with Host.open(folder, Actor("asa"), **time_of(begun.simulator)) as host:
        yield Office(host, begun.simulator)


def company(office: Office) -> Company:
    return office.simulator.world.companies[WHOLE]


def runs_of(office: Office) -> list[Run]:
    """Newest first."""
    with office.host.store.database.read() as connection:
        return list(Runs(connection, office.host.store.clock, engagement_id=1).newest())
