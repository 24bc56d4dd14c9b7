"""The transaction analysis of one engagement's year as pages may reach it: every call names its books (T G-1)."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from closing_host.closing.analysis import CheckChoice
from closing_host.closing.periods import Period
from closing_host.engagements import analysis_choices
from closing_host.engagements.analysing import Analysis, analyse_opened, beside, marks_of
from closing_host.engagements.frozen_analysis import FrozenAnalysis, frozen_analysis
from closing_host.engagements.periods import year_periods
from closing_host.engagements.signed_periods import own_places
from closing_host.web.books_desk import BooksDesk
from closing_host.web.house import House


class AnalysisDesk:
    """The checks of engagement `engagement_id` over the books of `desk`."""

    def __init__(self, house: House, engagement_id: int, desk: BooksDesk) -> None:
        self._host: Final = house.host
        self._engagement_id: Final = engagement_id
        self._desk: Final = desk
        self._year_start: Final = desk.books.books.snapshot.year_start

    def found(self, period: str) -> Analysis:
        """The results over a period, or over the year for "". Raises `DataError` `period-unknown`."""
        books = self._desk.books
        others = beside(self._host, books, keep=self._desk.kept)
        chosen = tuple((each.id, each.standard, *sorted(each.values.items()), each.enabled) for each in others.choices)
        sides = tuple(each.id for each in others.sides)
        signed = tuple((each.period.key, each.snapshot_id) for each in others.signed)
        back = tuple(sorted(own_places(books)))
        previous = others.previous and others.previous.id
        key = ("analysis", period, others.division, previous, sides, chosen, signed, back)
        made = self._desk.kept(
            key, lambda: analyse_opened(self._host, books, others, period=period), lambda found: found.size
        )
        return replace(made, choices=others.choices, marks=marks_of(self._host, books))

    def frozen(self, period: str) -> FrozenAnalysis | None:
        """What was frozen for a period, or for the year for ""; None where the checks run."""
        return frozen_analysis(self._host, self._engagement_id, self._desk.books.books.snapshot, period)

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of the year."""
        return tuple(
            each.period
            for each in year_periods(self._host, self._engagement_id, self._desk.books.books.snapshot).periods
        )

    def mark_done(self, found: Analysis, findings: Collection[str], comment: str) -> None:
        """Be done with findings of `found`, by their hashes."""
        of = (self._host, self._engagement_id, self._year_start, found, findings)
        analysis_choices.mark_done(*of, comment=comment)

    def reopen(self, found: Analysis, findings: Collection[str]) -> None:
        """Open them again."""
        analysis_choices.reopen(self._host, self._engagement_id, self._year_start, found, findings)

    def choices(self) -> tuple[CheckChoice, ...]:
        """What the engagement chose of checks."""
        return analysis_choices.check_choices(self._host, self._engagement_id)

    def switch_off(self, check: str, reason: str) -> None:
        """Run a check no longer."""
        analysis_choices.switch_off(self._host, self._engagement_id, check, reason)

    def switch_on(self, check: str) -> None:
        """Run it again."""
        analysis_choices.switch_on(self._host, self._engagement_id, check)

    def add_check(self, standard: str, name: str, values: Mapping[str, str]) -> None:
        """A check of one's own."""
        analysis_choices.add_check(self._host, self._engagement_id, standard, name, values)

    def remove_check(self, check: str) -> None:
        """Remove it."""
        analysis_choices.remove_check(self._host, self._engagement_id, check)
