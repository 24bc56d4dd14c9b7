"""What every document says of itself: whose books, which import, who made it and when."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from closing_host.locale import Words


@dataclass(frozen=True, slots=True)
class Imprint:
    """`fingerprint`: of the snapshot that the figures come from, hexadecimal. `version`: of the attachment, 0 when it
    is not stored. `made_by`, `made_at` (UTC): who made the attachment (not the file) and when."""

    company: str
    organisation_number: str
    year_start: date
    year_end: date
    fingerprint: str
    made_by: str
    made_at: datetime
    version: int = 0

    def foot(self, words: Words) -> str:
        """One line for every page."""
        version = words.text("Version {number}", number=self.version) if self.version else ""
        mark = words.text("Fingerprint {mark}", mark=self.fingerprint[:12])
        return " · ".join(part for part in (mark, version, self.made_by, self.moment) if part)

    def stamped(self, words: Words, frame: pl.DataFrame, as_at: date) -> pl.DataFrame:
        """`frame` with what it was made from on every row, for a file that has no other place for it (P 7.4.10)."""
        said = {
            words.text("As at"): pl.lit(as_at),
            words.text("Version"): pl.lit(self.version or None, pl.UInt32),
            words.text("Fingerprint"): pl.lit(self.fingerprint),
            words.text("Made by"): pl.lit(self.made_by),
            words.text("Made"): pl.lit(self.moment),
        }
        return frame.with_columns(value.alias(name) for name, value in said.items())

    def facts(self, words: Words) -> tuple[tuple[str, str], ...]:
        """Labels and values for the first page."""
        return (
            (words.text("Organisation number"), self.organisation_number),
            (words.text("Financial year"), f"{self.year_start} – {self.year_end}"),
            (words.text("Made by"), f"{self.made_by}, {self.moment}"),
            (words.text("Fingerprint"), self.fingerprint),
        )

    @property
    def moment(self) -> str:
        """`made_at` in UTC, and saying so: the same on every machine."""
        return f"{self.made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
