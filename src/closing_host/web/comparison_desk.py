"""Comparisons of one engagement's books as pages may reach them: every call holds the engagement's id (T G-1)."""

from collections.abc import Sequence
from typing import BinaryIO, Final

from closing_host.api.errors import ClosingError
from closing_host.engagements import comparing
from closing_host.storage.runs import Run, Runs
from closing_host.storage.snapshot_records import Snapshot
from closing_host.web.found import Found
from closing_host.web.house import House


class ComparisonDesk:
    """The comparisons of engagement `engagement_id`."""

    def __init__(self, house: House, engagement_id: int) -> None:
        self._house: Final = house
        self._host: Final = house.host
        self._engagement_id: Final = engagement_id

    def of_imports(self, a: Snapshot, b: Snapshot) -> Run:
        """The comparison of two imports, begun now if nobody has. Imports never change, so asking changes nothing
        that can be seen."""
        return self._begun(comparing.compare_imports(self._host, self._engagement_id, a, b))

    def with_source(self, a: Snapshot) -> Run:
        """An import against what the source states now."""
        return self._begun(comparing.compare_with_source(self._host, self._engagement_id, a))

    def with_file(self, name: str, file: BinaryIO, *, live: bool) -> Run:
        """A file against the books of its year, or against what the source states of it now."""
        return self._begun(comparing.compare_file(self._host, self._engagement_id, name, file, live=live))

    def again(self, run_id: str) -> Run:
        """The same comparison anew."""
        return self._begun(comparing.ask_again(self._host, self._engagement_id, run_id))

    def run(self, run_id: str) -> Run:
        """A comparison's run. Raises `ClosingError` `comparison-unknown`, also for another engagement's."""
        with self._host.store.database.read() as connection:
            try:
                run = Runs(connection, self._host.store.clock, engagement_id=self._engagement_id).get(run_id)
            except ClosingError as error:
                raise ClosingError("comparison-unknown") from error
        if run.kind != comparing.KIND:
            raise ClosingError("comparison-unknown")
        return run

    def found(self, run: Run) -> Found | None:
        """The result; None before there is one. Raises `ClosingError` `comparison-unknown` for one no longer kept."""
        comparing.order_of(self._host, self._engagement_id, run.id)
        comparisons = comparing.comparisons_of(self._host)
        about = comparisons.about(run.id)
        return None if about is None else Found(about, lambda name: comparisons.frame(run.id, name))

    def latest(self, limit: int) -> Sequence[tuple[Run, Found]]:
        """The newest comparisons that are still kept, newest first."""
        comparisons = comparing.comparisons_of(self._host)
        with self._host.store.database.read() as connection:
            newest = Runs(connection, self._host.store.clock, engagement_id=self._engagement_id).newest()
        made = [
            run for run in newest if run.kind == comparing.KIND and run.state == "done" and comparisons.holds(run.id)
        ]
        return [(run, found) for run in made[:limit] if (found := self.found(run)) is not None]

    def _begun(self, run: Run) -> Run:
        self._house.work.compare(run)
        return run
