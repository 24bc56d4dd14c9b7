"""*Startguiden* as a state machine (P 7.8). It keeps nothing of its own: where an engagement stands follows from its
source, connection, runs and books, so every step can be left and resumed, here or at the command line.

    SOURCE → LOGIN → IMPORT → DONE      a source with login
    SOURCE → FILE  → DONE               a file, which is controlled before it is accepted
    SOURCE → IMPORT → DONE              a source that is just asked
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from closing_host.engagements.host import Host
from closing_host.engagements.register import Overview, overview
from closing_host.engagements.source_choices import Way, way_of
from closing_host.engagements.synchronising import newest_run, part_under_way
from closing_host.storage.runs import Run
from closing_host.transfers.connections import ConnectionView


class Step(StrEnum):
    """What the user does next. `SOURCE`: the chosen one is not installed any more, so another must be chosen."""

    SOURCE = "source"
    LOGIN = "login"
    FILE = "file"
    IMPORT = "import"
    RUNNING = "running"
    DONE = "done"


STEPS: Final[Mapping[Way, tuple[Step, ...]]] = {
    "login": (Step.SOURCE, Step.LOGIN, Step.IMPORT),
    "file": (Step.SOURCE, Step.FILE, Step.IMPORT),
    "direct": (Step.SOURCE, Step.IMPORT),
}
"""The steps that are shown, by how the source's books come."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an engagement stands. `run`: its latest import from the source, `part`: the year's books or
    attachments that it is at. `way`: None without a loaded source."""

    client: Overview
    step: Step
    way: Way | None
    source_name: str
    connection: ConnectionView
    run: Run | None
    part: Run | None = None

    @property
    def has_books(self) -> bool:
        """Whether any year shows books."""
        return any(snapshot is not None for _, snapshot in self.client.years)


def standing(host: Host, engagement_id: int) -> Standing:
    """Where the engagement stands. Raises `ClosingError` `engagement-unknown`."""
    return standing_of(host, overview(host, engagement_id))


def standing_of(host: Host, client: Overview) -> Standing:
    """The same for an engagement that was read already."""
    engagement = client.engagement
    source = host.sources.sources.get(engagement.source_id)
    view = host.connections.view(engagement.id)
    run = newest_run(host, engagement.id)
    has_books = any(snapshot is not None for _, snapshot in client.years)
    way = way_of(source) if source is not None else None
    step = next_step(way, usable=view.usable, run=run, has_books=has_books)
    part = part_under_way(host, run) if run is not None and step is Step.RUNNING else None
    return Standing(client, step, way, source.info.name if source else engagement.source_id, view, run, part)


def next_step(way: Way | None, *, usable: bool, run: Run | None, has_books: bool) -> Step:
    """The transition table. A connection that ran out asks for a login also where there are books: use revives it."""
    if run is not None and run.state in ("queued", "running"):
        return Step.RUNNING
    match way:
        case None:
            return Step.SOURCE
        case "login" if not usable:
            return Step.LOGIN
        case "file":
            return Step.DONE if has_books else Step.FILE
    failed = run is not None and run.state != "done"
    return Step.IMPORT if failed or not has_books else Step.DONE
