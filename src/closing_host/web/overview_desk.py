"""The overview of one engagement's year: what stands where and what to do next, all of one engagement (T G-1)."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from closing_host.engagements.clients import ClientRow, client_row
from closing_host.engagements.reconciling import now
from closing_host.engagements.year_overview import OpenYear, YearOverview
from closing_host.storage.engagements import EngagementYear
from closing_host.web.books_desk import BooksDesk
from closing_host.web.entry_desk import EntryDesk
from closing_host.web.house import House


@dataclass(frozen=True, slots=True)
class YearShown:
    """A year with books. `before`: those of the year before, if it has any."""

    books: BooksDesk
    entries: EntryDesk
    before: BooksDesk | None


class OverviewDesk(YearOverview):
    """Engagement `engagement_id`, and one of its years: None without any. `shown`: None for a year without books.

    `client`: the engagement's row of *Mina uppdrag*. `newest`: no year follows.
    """

    def __init__(
        self, house: House, engagement_id: int, year: EngagementYear | None, shown: YearShown | None, *, newest: bool
    ) -> None:
        self.client: Final[ClientRow] = client_row(house.host, engagement_id)
        self._shown: Final = shown
        opened, keep = None, now
        if shown is not None:
            before = None if shown.before is None else shown.before.books
            opened, keep = OpenYear(shown.books.books, shown.entries.year, before), shown.books.kept
        super().__init__(house.host, self.client.standing.step, year, opened, newest=newest, keep=keep)

    @property
    def monthly(self) -> pl.DataFrame | None:
        """The year month by month."""
        return None if self._shown is None else self._shown.books.monthly
