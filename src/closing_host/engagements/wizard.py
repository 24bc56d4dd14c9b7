"""*Startguiden* as a state machine (P 7.8), the same for pages and command line.

Where an engagement stands follows from its source, connection, runs, books and what the user said (`setup`), so every
step can be left and resumed. The order in which the steps are shown is P 7.8's:

    SOURCE → LOGIN → COMPANY → PERIOD → IMPORT → ACCOUNTS → DONE      a source with login
    SOURCE → FILE  → COMPANY → PERIOD → IMPORT → DONE                 a file: it has no sub-ledger and takes no vouchers
    SOURCE → COMPANY → PERIOD → IMPORT → ACCOUNTS → DONE              a source that is just asked

The import begins by itself when the login is made (P 0), and goes on while COMPANY and PERIOD are answered; what is not
answered when the books are there is asked then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from closing_host.engagements import setup as said
from closing_host.engagements.host import Host
from closing_host.engagements.register import Overview, overview
from closing_host.engagements.source_choices import Way, way_of
from closing_host.engagements.synchronising import newest_run, part_under_way
from closing_host.sources.facade import DataSource
from closing_host.storage.runs import Run
from closing_host.storage.setup import Setup
from closing_host.transfers.connections import ConnectionView


class Step(StrEnum):
    """What the user does next. `SOURCE`: the chosen one is not installed any more, so another must be chosen.

    `RUNNING` is `IMPORT` while it goes on.
    """

    SOURCE = "source"
    LOGIN = "login"
    FILE = "file"
    COMPANY = said.COMPANY
    PERIOD = said.PERIOD
    IMPORT = "import"
    RUNNING = "running"
    ACCOUNTS = said.ACCOUNTS
    DONE = "done"


_SAID: Final = (Step.COMPANY, Step.PERIOD)

STEPS: Final[Mapping[Way, tuple[Step, ...]]] = {
    "login": (Step.SOURCE, Step.LOGIN, *_SAID, Step.IMPORT, Step.ACCOUNTS, Step.DONE),
    "file": (Step.SOURCE, Step.FILE, *_SAID, Step.IMPORT, Step.DONE),
    "direct": (Step.SOURCE, *_SAID, Step.IMPORT, Step.ACCOUNTS, Step.DONE),
}
"""The steps that are shown, by how the source's books come. `ACCOUNTS` only where `has_accounts`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an engagement stands. `run`: its latest import from the source, `part`: the year's books or
    attachments that it is at. `way`: None without a loaded source. `steps`: those of its guide, in order."""

    client: Overview
    step: Step
    way: Way | None
    source_name: str
    connection: ConnectionView
    run: Run | None
    setup: Setup
    steps: tuple[Step, ...]
    part: Run | None = None

    @property
    def has_books(self) -> bool:
        """Whether any year shows books."""
        return any(snapshot is not None for _, snapshot in self.client.years)

    @property
    def guided(self) -> bool:
        """Whether the guide is under way: something is still to be said, or there are no books yet."""
        return not self.has_books or any(_to_say(each, self.setup.confirmed) for each in self.steps)

    @property
    def passed(self) -> frozenset[Step]:
        """The steps that are done."""
        facts = {
            Step.SOURCE: self.way is not None,
            Step.LOGIN: self.connection.usable,
            Step.FILE: self.has_books,
            Step.IMPORT: self.has_books and self.step not in (Step.RUNNING, Step.IMPORT),
            Step.DONE: self.step is Step.DONE,
        }
        return frozenset(each for each in self.steps if facts.get(each, each in self.setup.confirmed))


def standing(host: Host, engagement_id: int) -> Standing:
    """Where the engagement stands. Raises `ClosingError` `engagement-unknown`."""
    return standing_of(host, overview(host, engagement_id))


def standing_of(host: Host, client: Overview, setup: Setup | None = None) -> Standing:
    """The same for an engagement that was read already, and its `setup` too unless None."""
    engagement = client.engagement
    source = host.sources.sources.get(engagement.source_id)
    view = host.connections.view(engagement.id)
    run = newest_run(host, engagement.id)
    has_books = any(snapshot is not None for _, snapshot in client.years)
    setup = said.setup_of(host, engagement.id) if setup is None else setup
    steps = steps_of(source) if source is not None else ()
    step = next_step(steps, usable=view.usable, run=run, has_books=has_books, confirmed=setup.confirmed)
    part = part_under_way(host, run) if run is not None and step is Step.RUNNING else None
    name = source.info.name if source else engagement.source_id
    return Standing(client, step, way_of(source) if source else None, name, view, run, setup, steps, part)


def steps_of(source: DataSource) -> tuple[Step, ...]:
    """The steps of a source's guide."""
    return tuple(each for each in STEPS[way_of(source)] if each is not Step.ACCOUNTS or has_accounts(source))


def has_accounts(source: DataSource) -> bool:
    """Whether there is anything to choose in `ACCOUNTS`: control accounts of a sub-ledger, or a series to book in."""
    return bool({"attachments", "export_voucher"} & set(source.operations))


def next_step(
    steps: Collection[Step], *, usable: bool, run: Run | None, has_books: bool, confirmed: Collection[str]
) -> Step:
    """The transition table; `steps` are empty without a source. A connection that ran out asks for a login also where
    there are books: use revives it."""
    if run is not None and run.state in ("queued", "running"):
        return Step.RUNNING
    if not steps:
        return Step.SOURCE
    if Step.LOGIN in steps and not usable:
        return Step.LOGIN
    if Step.FILE in steps and not has_books:
        return Step.FILE
    failed = Step.FILE not in steps and run is not None and run.state != "done"
    if failed or not has_books:
        return Step.IMPORT
    return next((each for each in steps if _to_say(each, confirmed)), Step.DONE)


def _to_say(step: Step, confirmed: Collection[str]) -> bool:
    return step in (*_SAID, Step.ACCOUNTS) and step not in confirmed
