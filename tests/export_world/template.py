"""The beginning of every story, made once in each process and copied: connected, imported, nothing entered yet."""

import asyncio
import atexit
import gc
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from closing_host.engagements.connecting import connect
from closing_host.engagements.host import Host
from closing_host.engagements.importing import import_connected
from closing_host.engagements.register import new_engagement
from closing_host.storage.engagements import EngagementRecords
from datasource_fortnox.settings import FortnoxInstallation
from datasource_fortnox.simulator import Memory, World, remember
from export_world.company import YEAR, new_simulator
from export_world.network import Line
from export_world.person import Person
from export_world.process import Process
from export_world.single_thread import single_thread
from export_world.witness import watch_moves

Login = Literal["service_account", "user"]


@dataclass(frozen=True)
class Template:
    """A closed data folder and the simulator as it was beside it."""

    folder: Path
    memory: Memory
    engagement_id: int
    installation: FortnoxInstallation


@cache
def workplace() -> Path:
    """A folder in memory where there is such a thing: databases are flushed at every commit, and disks are slow."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="export-world-", dir=memory if memory.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def simulator() -> World:
    """One for each process; stories go back to what a template remembers."""
    return new_simulator()


@cache
def template(login: Login) -> Template:
    """The beginning, for one of the two kinds of login (F 1.3, F 1.5)."""
    world = new_simulator()
    folder = workplace() / f"template-{login}"
    installation = FortnoxInstallation(client_id="SimKlient001", client_secret="SimHemlig1", login=login)
    process = Process(folder, Line(world))
    with single_thread():
        engagement_id = asyncio.run(_prepare(process.host, world, installation))
    process.close()
    watch_moves(folder / "closing.db")
    world.log.clear()
    world.window.seen.clear()
    world.clock.advance(60)
    gc.freeze()  # thousands of stories follow: what is loaded by now need not be looked through again and again
    return Template(folder, remember(world), engagement_id, installation)


async def _prepare(host: Host, world: World, installation: FortnoxInstallation) -> int:
    host.connections.save_installation("fortnox", installation, host.actor)
    engagement = new_engagement(host, "Bokföring Enbart AB", source_id="fortnox")
    with host.store.database.write() as connection:  # attachments are none of this harness' business
        records = EngagementRecords(connection, engagement.id)
        records.set_settings(host.store.trail(connection, host.actor), {"without_sub_ledger": True})
    await connect(host, engagement.id, Person(world), callback=installation.callback, session="s")
    async for _ in import_connected(host, engagement.id, years=[str(YEAR.year)]):
        pass
    return engagement.id
