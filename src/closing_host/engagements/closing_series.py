"""The series that closing entries go into, chosen before there are any (P 7.8, 6); the export dialog preselects it."""

from dataclasses import dataclass

from closing_host.api.context import TermsRequest
from closing_host.api.errors import ClosingError
from closing_host.closing.preflight import SeriesChoice, series_choices
from closing_host.engagements.export_selection import connection_problem, refuse_incapable
from closing_host.engagements.host import Host
from closing_host.sources.context import running_context
from closing_host.storage.audit import Action
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.engagements import EngagementRecords, EngagementYear
from closing_host.storage.journal import Journal
from closing_host.transfers.importing import year_in


@dataclass(frozen=True, slots=True)
class SeriesOffer:
    """What can be chosen in a year. `chosen`: the company's choice, "" before the first."""

    series: tuple[SeriesChoice, ...]
    chosen: str


async def closing_series(host: Host, engagement_id: int, year: EngagementYear) -> SeriesOffer:
    """Ask the source for the series of `year`.

    Raises `CapabilityMissing` `export-not-offered`, `Expired` when the connection cannot be used, and what the source
    raises.
    """
    source = host.sources.source(_source_id(host, engagement_id))
    refuse_incapable(source)
    if (problem := connection_problem(host, engagement_id, source)) is not None:
        raise problem
    async with host.connections.open(engagement_id, lane="interactive") as opened:
        stated = await year_in(opened, year.year_start, year.year_end, host.store)
        with running_context(
            source.id, http=opened.http, clock=host.store.clock, inside=host.store.folder.tmp
        ) as context:
            terms = await source.export_terms(TermsRequest(stated, None), opened.connection, context)
    return SeriesOffer(series_choices(terms, source.info.name), chosen_series(host, engagement_id))


def chosen_series(host: Host, engagement_id: int) -> str:
    """The series that V go into by the company's last choice, "" without one."""
    source_id = _source_id(host, engagement_id)
    with host.store.database.read() as connection:
        return Journal(connection, engagement_id).choice(source_id)[0].get("V", "")


def choose_series(host: Host, engagement_id: int, series: str) -> None:
    """Choose the series for V and S. It is a proposal: each export asks anew whether the series is there.

    Raises `ClosingError` `series-code-length`.
    """
    if not 1 <= len(series) <= 20:
        raise ClosingError("series-code-length", series=series[:20])
    crashpoint("export.before_choice")
    with host.store.database.write() as connection:
        source_id = EngagementRecords(connection, engagement_id).engagement().source_id
        journal = Journal(connection, engagement_id)
        journal.choose(source_id, {"V": series, "S": series}, journal.choice(source_id)[1])
        host.store.trail(connection, host.actor).append(
            Action.EXPORT_CHOICE,
            engagement_id=engagement_id,
            object=f"engagement:{engagement_id}",
            details={"source": source_id, "series": series},
        )
    crashpoint("export.after_choice")


def can_export(host: Host, source_id: str) -> bool:
    """Whether the source takes vouchers at all."""
    try:
        refuse_incapable(host.sources.source(source_id))
    except ClosingError:
        return False
    return True


def _source_id(host: Host, engagement_id: int) -> str:
    with host.store.database.read() as connection:
        return EngagementRecords(connection, engagement_id).engagement().source_id
