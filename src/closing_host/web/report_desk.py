"""Reports and archives of one engagement's year as pages may reach them: every call names its books (T G-1)."""

from functools import cached_property
from typing import Final

from closing_host.engagements.attachment_documents import Document
from closing_host.engagements.period_archive import Archive, period_archive
from closing_host.engagements.period_documents import period_documents
from closing_host.engagements.period_material import PeriodMaterial, material_of
from closing_host.engagements.periods import YearPeriods, year_periods
from closing_host.locale import Words
from closing_host.web.books_desk import BooksDesk
from closing_host.web.house import House


class ReportDesk:
    """The periods of the year of `desk`, and what is written of them."""

    def __init__(self, house: House, desk: BooksDesk) -> None:
        self._host: Final = house.host
        self._desk: Final = desk

    @cached_property
    def periods(self) -> YearPeriods:
        """The year's periods."""
        snapshot = self._desk.books.books.snapshot
        return year_periods(self._host, snapshot.engagement_id, snapshot)

    def documents(self, words: Words, key: str, report: str, form: str) -> tuple[Document, ...]:
        """A report of a period. Raises as `period_documents`, and `DataError` `period-unknown`."""
        return period_documents(self._host, words, self._material(key), report, form)

    def archive(self, words: Words, key: str) -> Archive:
        """The archive of a locked period. Raises as `period_archive`, and `DataError` `period-unknown`."""
        return period_archive(self._host, words, self._material(key))

    def _material(self, key: str) -> PeriodMaterial:
        return material_of(self._host, self._desk.books, key, keep=self._desk.kept)
