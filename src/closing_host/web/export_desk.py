"""Exports of one engagement's year as pages may reach them: every call names its year (T G-1)."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from closing_host.closing.preflight import Preflight
from closing_host.engagements import export_files, exporting
from closing_host.engagements.export_files import ExportFile, MarkedFile
from closing_host.engagements.export_standing import ExportStanding, export_standing
from closing_host.storage.engagements import EngagementYear
from closing_host.storage.written_files import FileKind
from closing_host.transfers.exporting.views import BatchView
from closing_host.web.house import House


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the dialog holds. `entries`: ids; `series_s`: of S, None for the same as V."""

    entries: frozenset[int]
    series: str
    series_s: str | None


class ExportDesk:
    """The exports of `year`."""

    def __init__(self, house: House, engagement_id: int, year: EngagementYear) -> None:
        self._house = house
        self._host = house.host
        self._engagement_id: Final = engagement_id
        self.year: Final = year
        self._books: Final = f"{engagement_id}/{year.year_end}"

    @cached_property
    def standing(self) -> ExportStanding:
        """Whether one can begin, and why not."""
        return export_standing(self._host, self._engagement_id, self.year.year_start)

    def last_choice(self) -> Chosen:
        """All that can go, into the series that the company's last export went into."""
        series = self.standing.series
        s = series.get("S", "")
        return Chosen(
            frozenset(each.id for each in self.standing.entries),
            series.get("V", ""),
            s if s and s != series.get("V", "") else None,
        )

    async def check(self, chosen: Chosen) -> Preflight:
        """*Förhandskontroll*; writes nothing anywhere."""
        return await exporting.dry_run(
            self._host,
            self._engagement_id,
            self.year.year_start,
            entries=chosen.entries,
            series=chosen.series,
            series_s=chosen.series_s,
        )

    async def approve(self, chosen: Chosen, *, accepted_warnings: bool, approval: str) -> BatchView:
        """*Exportera*: checked again and approved, then sent in the background. The same approval is the same batch.

        Raises `exporting.NotApproved` and what `exporting.approve` raises.
        """
        batch = await exporting.approve(
            self._host,
            self._engagement_id,
            self.year.year_start,
            entries=chosen.entries,
            series=chosen.series,
            series_s=chosen.series_s,
            accepted_warnings=accepted_warnings,
            approval=approval,
        )
        self._house.exports.go_on(self._engagement_id, batch.id)
        return batch

    def mark_unlockable(self, series: Collection[str]) -> None:
        """*Ej låsbar bokslutsserie*."""
        exporting.mark_unlockable(self._host, self._engagement_id, series)

    async def file(self, kind: FileKind) -> tuple[ExportFile, bytes]:
        """*SI-fil* or *SIE4-fil*, and its content."""
        kept = b""

        def keep(name: str, content: bytes) -> None:
            nonlocal kept
            kept = content

        made = await export_files.write_export_file(self._host, self._books, kind, keep)
        return made, kept

    def mark(self) -> MarkedFile:
        """*Markera som överförd*."""
        return export_files.mark_as_transferred(self._host, self._books)
