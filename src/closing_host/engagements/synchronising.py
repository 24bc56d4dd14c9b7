"""*Importera från {källa}* as one piece of work: all years that are due, one run that a page can follow.

The run is recorded before anything is asked of the source, so that a press of the button is never lost: what a
process leaves behind, queued or broken off, the next one takes up (`left_behind`). Each year has its own run below.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

from closing_host.api.context import Progress
from closing_host.engagements.host import Host
from closing_host.engagements.importing import import_connected
from closing_host.engagements.register import closing_year, overview
from closing_host.runs.runner import Handle, Task, carry_out, queue
from closing_host.storage.engagements import Engagements
from closing_host.storage.runs import Run, Runs
from closing_host.transfers.importing import Imported

KIND: Final = "synchronise"

TAKEN_UP_WITHIN: Final = timedelta(hours=1)
"""A run that broke off is begun again by itself for this long; later nobody waits for it any more."""


def task_of(engagement_id: int) -> Task:
    """The piece of work; an engagement has one at a time."""
    return Task(KIND, engagement_id, lock_key=f"{KIND}:{engagement_id}")


def ask_for_import(host: Host, engagement_id: int) -> Run:
    """Record that the engagement shall be imported; the run that does so already when there is one (T C8)."""
    with host.store.database.read() as connection:
        lock_key = task_of(engagement_id).lock_key
        assert lock_key is not None
        active = Runs(connection, host.store.clock).active(lock_key)
    return active or queue(host.store, host.actor, task_of(engagement_id))


def source_of_run(host: Host, run: Run) -> str:
    """The id of the source that the run imports from."""
    assert run.engagement_id is not None
    with host.store.database.read() as connection:
        return Engagements(connection).get(run.engagement_id).source_id


async def synchronise(host: Host, run: Run, *, watch: Progress | None = None) -> None:
    """Carry a queued run out. Its outcome: the snapshots, whether any changed, and attachments that failed, by code.

    Raises what `import_connected` raises.
    """
    engagement_id = run.engagement_id
    assert engagement_id is not None

    async def work(handle: Handle) -> None:
        snapshots: list[int] = []
        changed = False
        attachments = ""
        async for imported in _years(host, engagement_id, handle.progress):
            snapshots.append(imported.published.snapshot.id)
            changed |= imported.published.changed
            if imported.attachments is not None and imported.attachments.error is not None:
                attachments = imported.attachments.error.code
        outcome = {"snapshots": snapshots, "changed": changed, "attachments": attachments}
        with host.store.database.write() as connection:
            Runs(connection, host.store.clock).finish(run.id, "done", owner=handle.owner, outcome=outcome)

    await carry_out(host.store, host.actor, task_of(engagement_id), work, watch=watch, queued=run.id)


async def _years(host: Host, engagement_id: int, watch: Progress) -> AsyncIterator[Imported]:
    """The years that are due: the newest that has begun, and the one that is closed now, whose books hold what was
    exported into them since."""
    closing = closing_year(overview(host, engagement_id), host.store.clock().date())
    seen = set()
    async for imported in import_connected(host, engagement_id, watch=watch):
        seen.add(imported.published.snapshot.year_start)
        yield imported
    if closing is not None and closing[0].year_start not in seen:
        async for imported in import_connected(host, engagement_id, years=(str(closing[0].year_start),), watch=watch):
            yield imported


def newest_run(host: Host, engagement_id: int) -> Run | None:
    """The engagement's latest import from its source, whatever its state; None before the first."""
    with host.store.database.read() as connection:
        return Runs(connection, host.store.clock, engagement_id=engagement_id).latest(KIND)


def part_under_way(host: Host, run: Run) -> Run | None:
    """The run of one year's books or attachments that `run` is at; None between two of them."""
    with host.store.database.read() as connection:
        for each in Runs(connection, host.store.clock, engagement_id=run.engagement_id).newest(limit=5):
            if each.kind != KIND and each.state == "running" and each.created_at >= run.created_at:
                return each
    return None


def left_behind(host: Host) -> tuple[Run, ...]:
    """Queued runs that nobody carries out yet. Runs that broke off are queued anew first, as `TAKEN_UP_WITHIN` allows.

    For the only process that carries such runs out in this data folder, at its start and now and then.
    """
    with host.store.database.write() as connection:
        runs = Runs(connection, host.store.clock)
        for stale in runs.stale():
            runs.interrupt(stale.id)
        since = host.store.clock() - TAKEN_UP_WITHIN
        for run in runs.newest_of(KIND):
            if run.state == "interrupted" and (run.finished_at or since) > since:
                task = task_of(run.engagement_id or 0)
                runs.create(KIND, by=run.created_by, engagement_id=run.engagement_id, lock_key=task.lock_key)
        return runs.queued(KIND)
