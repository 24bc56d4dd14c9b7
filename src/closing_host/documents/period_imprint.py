"""What every document of a period says of itself, besides what `Imprint` says: the period and how it stands."""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from closing_host.closing.period_states import PeriodState
from closing_host.closing.periods import Period
from closing_host.documents.imprint import Imprint
from closing_host.documents.report import Report, Section
from closing_host.locale import Words


@dataclass(frozen=True, slots=True)
class PeriodImprint:
    """`books`: whose books and which import; of a locked period its `made_by` and `made_at` are who locked it and when,
    so that the same lock gives the same document. `reason`: why it was locked with accounts that were not done."""

    books: Imprint
    period: Period
    state: PeriodState
    reason: str = ""

    def titled(self, words: Words, kind: str) -> str:
        """*Avstämningsrapport 2025-03*."""
        return f"{kind} {self.spelled(words)}"

    def spelled(self, words: Words) -> str:
        """The period's name: its last month, or *Årsavslut* with its year's last day."""
        return f"{words.text('Year end')} {self.period.end}" if self.period.is_year_end else self.period.key

    def facts(self, words: Words) -> tuple[tuple[str, str], ...]:
        """Labels and values for the first page."""
        span = f"{self.spelled(words)} ({self.period.start} – {self.period.end})"
        organisation, year, made, fingerprint = self.books.facts(words)
        if self.state == "locked":
            made = (words.text("Locked by"), made[1])
        reason = ((words.text("Reason"), self.reason),) if self.reason else ()
        status = words.message(f"report-period-{self.state}", {})
        return (
            organisation,
            year,
            (words.text("Period"), span),
            (words.text("Status"), status),
            made,
            *reason,
            fingerprint,
        )

    def report(self, words: Words, kind: str, sections: tuple[Section, ...], *, wide: bool = True) -> Report:
        """The document of `kind`, with `sections`."""
        return Report(
            title=self.titled(words, kind),
            owner=self.books.company,
            language=words.language,
            facts=self.facts(words),
            sections=sections,
            foot=self.books.foot(words),
            page=words.text("Page {n} of {m}"),
            part_of=words.text("Part {n} of {m}"),
            continued=words.text("continued"),
            made_at=self.books.made_at,
            warning="" if self.state == "locked" else words.text("The period is not locked: figures may still change."),
            wide=wide,
        )

    def about(self, words: Words, kind: str) -> pl.DataFrame:
        """The same as a workbook's last sheet."""
        what, value = words.texts("What", "Value")
        said = [(words.text("Report"), self.titled(words, kind)), (words.text("Company"), self.books.company)]
        return pl.DataFrame([*said, *self.facts(words)], schema={what: pl.String, value: pl.String}, orient="row")

    def stamped(self, words: Words, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame` with what it was made from on every row, for a file that has no other place for it."""
        stamped = replace(self.books, version=0).stamped(words, frame, self.as_at).drop(words.text("Version"))
        return stamped.with_columns(pl.lit(self.period.key).alias(words.text("Period")))

    @property
    def as_at(self) -> date:
        """The period's last day."""
        return self.period.end
