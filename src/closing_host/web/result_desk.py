"""*Resultatanalys* of one engagement's year as pages may reach it: every call names its books (T G-1)."""

from datetime import date
from typing import Final

import polars as pl

from closing_host.closing.monthly_figures import until
from closing_host.engagements.attachment_documents import Document
from closing_host.engagements.periods import YearPeriods, year_periods
from closing_host.engagements.result_analysis import ResultSheet, result_of
from closing_host.engagements.result_documents import TableForm, result_document
from closing_host.locale import Words
from closing_host.web.books_desk import BooksDesk
from closing_host.web.house import House


class ResultDesk:
    """The result accounts of the books of `desk`; `before`: those of the year before, if it has any."""

    def __init__(self, house: House, desk: BooksDesk, before: BooksDesk | None) -> None:
        self._house: Final = house
        self._desk: Final = desk
        self._before: Final = before

    @property
    def periods(self) -> YearPeriods:
        """The year's periods."""
        snapshot = self._desk.books.books.snapshot
        return year_periods(self._house.host, snapshot.engagement_id, snapshot)

    def sheet(self, key: str) -> ResultSheet:
        """A period's sheet, "" for the current one. Raises `DataError` `period-unknown`."""
        return result_of(self._house.host, self._desk.books, key, keep=self._desk.kept, load=self._house.ledger)

    def document(self, words: Words, key: str, form: TableForm) -> Document:
        """A period's sheet as a file. Raises as `sheet`."""
        return result_document(words, self.sheet(key), form)

    def months(self, today: date) -> pl.DataFrame:
        """`end`, `result` (öre, a profit positive), null for months after that of `today`, and `before`: last year's in
        the same month, null without."""
        own = until(self._desk.monthly.select("end", "result"), today)
        if self._before is None:
            return own.with_columns(before=pl.lit(None, pl.Int64))
        then = self._before.monthly.select(pl.col("end").dt.offset_by("1y").dt.month_end(), before="result")
        return (
            own.with_columns(month=pl.col("end").dt.month_end())
            .join(then, left_on="month", right_on="end", how="left", maintain_order="left")
            .drop("month")
        )
