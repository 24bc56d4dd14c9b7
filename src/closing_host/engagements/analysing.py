"""*Transaktionsanalys* of an engagement's books or of a file: the checks of P 7.3 over a year or one of its periods."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from closing_host.api.errors import DataError
from closing_host.api.ledger import Ledger
from closing_host.api.subledger import SubLedger
from closing_host.closing.analysis import AnalysisFacts, CheckChoice, CheckResult, SignedOff, analyse
from closing_host.closing.analysis.choices import State, chosen_checks, open_findings, state_of
from closing_host.closing.facts import documents_frame, payments_frame
from closing_host.closing.periods import Division, Period, period_of, periods_of
from closing_host.engagements.attachment_making import versions_of_year
from closing_host.engagements.attachments import newest_made
from closing_host.engagements.effective import EffectiveBooks, open_effective
from closing_host.engagements.host import Host
from closing_host.engagements.periods import year_periods
from closing_host.engagements.reconciling import Keep, now
from closing_host.engagements.signed_periods import SignedPeriod, any_signed, own_places, signed_periods
from closing_host.storage.analysis_decisions import AnalysisDecisions, Mark
from closing_host.storage.attachment_facts import read_facts
from closing_host.storage.attachments import AttachmentVersion
from closing_host.storage.snapshot_records import Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """The checks' results over `start` to `end` of `ledger`, which holds the closing entries that count. `period`: the
    key that was asked for, "" for the whole year.

    They are of the books as they are now, so nothing needs to be run again. `choices`: what the engagement chose of
    checks; `marks`: findings marked done, by the hash of their identity.
    """

    ledger: Ledger
    start: date
    end: date
    results: tuple[CheckResult, ...]
    choices: tuple[CheckChoice, ...] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict)
    period: str = ""

    @property
    def size(self) -> int:
        """Bytes that the findings take, about."""
        return sum(int(each.findings.estimated_size()) for each in self.results)

    def state(self, result: CheckResult) -> State:
        """What is shown of a check."""
        return state_of(result, self.marks)

    def left(self, result: CheckResult) -> int:
        """Its findings that are not marked done."""
        return open_findings(result, self.marks)

    def name(self, result: CheckResult) -> str:
        """An own check's name; "" for a standard one, whose name is in the catalogues."""
        return next((each.name for each in self.choices if each.id == result.id), "")


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """What the checks look at beside the books. `previous`: the shown import of the year before; `sides`: the newest
    attachments of the year; `choices`: the engagement's checks; `signed`: periods that were signed off by another
    import than the one that is shown; `division`: how the year is divided into periods."""

    previous: Snapshot | None = None
    sides: tuple[AttachmentVersion, ...] = ()
    choices: tuple[CheckChoice, ...] = ()
    signed: tuple[SignedPeriod, ...] = ()
    division: Division = "month"


def analyse_books(
    host: Host, reference: str, *, period: str = "", manual_series: Collection[str] | None = None
) -> Analysis:
    """Run the engagement's checks on the books that `reference` names, as `open_effective` takes it.

    `period`: the key of a period (`closing.periods`), "" for the whole year with *Årsavslut*. `manual_series`: those in
    which people post by hand, None when unknown. The year before is looked at when it is imported too. Raises what
    `open_effective` raises, and `DataError` `period-unknown`, `year-too-long`, `analysis-year-missing`.
    """
    opened = open_effective(host, reference)
    found = analyse_opened(host, opened, beside(host, opened), period=period, manual_series=manual_series)
    return replace(found, marks=marks_of(host, opened))


def analyse_opened(
    host: Host,
    opened: EffectiveBooks,
    others: Beside,
    *,
    period: str = "",
    manual_series: Collection[str] | None = None,
) -> Analysis:
    """The same for books that are open already, without the marks."""
    engagement, snapshot = opened.books.engagement, opened.books.snapshot
    source = host.sources.sources.get(engagement.source_id)
    previous = others.previous and host.store.snapshots.load(engagement.id, others.previous.id)
    facts = [(each, read_facts(host.store.blobs, each.facts)) for each in others.sides if each.facts is not None]
    subs = [(each, stated) for each, stated in facts if isinstance(stated, SubLedger)]
    return _analysed(
        opened.ledger,
        period,
        others.choices,
        others.division,
        previous=previous,
        manual_series=None if manual_series is None else frozenset(manual_series),
        imported_on=snapshot.created_at.date(),
        documents={each.side: documents_frame(stated) for each, stated in subs},
        payments={each.side: payments_frame(stated) for each, stated in subs},
        control_accounts={each.side: each.control_accounts for each, _ in subs},
        signed_off=_signed_off(host, opened, others.signed),
        cannot_hold=frozenset() if source is None else frozenset(source.info.cannot_hold),
    )


def analyse_file(ledger: Ledger, *, period: str = "", manual_series: Collection[str] | None = None) -> Analysis:
    """The standard checks on a ledger alone, such as a file's. Raises as `analyse_books` of the period and year."""
    series = None if manual_series is None else frozenset(manual_series)
    return _analysed(ledger, period, (), "month", manual_series=series)


def beside(host: Host, opened: EffectiveBooks, *, keep: Keep = now) -> Beside:
    """What there is beside the books now."""
    engagement, snapshot = opened.books.engagement, opened.books.snapshot
    last = snapshot.year_start - timedelta(days=1)
    history = host.store.snapshots.history(engagement.id)
    previous = next((each for each in history if each.current and each.year_end == last), None)
    with host.store.database.read() as connection:
        choices = AnalysisDecisions(connection, engagement.id).choices()
    signed = signed_periods(host, opened, keep=keep) if any_signed(host, engagement.id, snapshot.year_start) else ()
    other = tuple(each for each in signed if each.snapshot_id != snapshot.id)
    division = year_periods(host, engagement.id, snapshot).division
    return Beside(previous, newest_made(versions_of_year(host, snapshot)), choices, other, division)


def marks_of(host: Host, opened: EffectiveBooks) -> Mapping[str, Mark]:
    """The findings of the year that are marked done, by the hash of their identity."""
    with host.store.database.read() as connection:
        return AnalysisDecisions(connection, opened.books.engagement.id).marks(opened.books.snapshot.year_start)


def _signed_off(host: Host, opened: EffectiveBooks, signed: tuple[SignedPeriod, ...]) -> list[SignedOff]:
    """The signed-off periods with the vouchers of their books then. Closing entries are no news either, those beside
    the books and those that came back as they were: that they move a figure is told by the account's status."""
    own = [("", each.label) for each in opened.entries] + sorted(own_places(opened))
    ours = pl.DataFrame(own, schema={"series": pl.String, "number": pl.String}, orient="row")
    then: dict[int, pl.DataFrame] = {}
    for each in signed:
        if each.snapshot_id not in then:
            scanned = host.store.snapshots.scan(opened.books.engagement.id, each.snapshot_id, "vouchers")
            then[each.snapshot_id] = pl.concat([scanned.select("series", "number").collect(), ours])
    return [SignedOff(each.period.period.start, each.period.period.end, then[each.snapshot_id]) for each in signed]


def _analysed(ledger: Ledger, key: str, choices: tuple[CheckChoice, ...], division: Division, **facts: Any) -> Analysis:
    year = ledger.year
    if year is None:
        raise DataError("analysis-year-missing")
    period = _period(year.start, year.end, key, division)
    start = period.start if key else year.start
    results = analyse(
        AnalysisFacts(ledger, start, period.end, year_end=period.is_year_end, **facts), chosen_checks(choices)
    )
    return Analysis(ledger, start, period.end, results, choices, period=key)


def _period(start: date, end: date, key: str, division: Division) -> Period:
    """The period of the year as it is divided, or a month of it; the last one for ""."""
    periods = periods_of(start, end, division)
    if not key:
        return periods[-1]
    return next((each for each in periods if each.key == key), None) or period_of(periods_of(start, end), key)
