"""*Transaktionsanalys* of an engagement's books or of a file: the checks of P 7.3 over a year or one of its periods."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl

from closing_host.api.errors import DataError
from closing_host.api.ledger import Ledger
from closing_host.api.subledger import Side, SubLedger
from closing_host.closing.analysis import CHECKS, AnalysisFacts, CheckResult, analyse
from closing_host.closing.facts import documents_frame, payments_frame
from closing_host.closing.periods import Period, period_of, periods_of
from closing_host.engagements.attachment_making import versions_of_year
from closing_host.engagements.attachments import newest_made
from closing_host.engagements.effective import EffectiveBooks, open_effective
from closing_host.engagements.host import Host
from closing_host.storage.attachment_facts import read_facts


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """The checks' results over `start` to `end` of `ledger`, which holds the closing entries that count."""

    ledger: Ledger
    start: date
    end: date
    results: tuple[CheckResult, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _SubLedgers:
    documents: Mapping[Side, pl.DataFrame] = field(default_factory=dict)
    payments: Mapping[Side, pl.DataFrame] = field(default_factory=dict)
    accounts: Mapping[Side, tuple[str, ...]] = field(default_factory=dict)


def analyse_books(
    host: Host, reference: str, *, period: str = "", manual_series: Collection[str] | None = None
) -> Analysis:
    """Run all checks on the books that `reference` names, as `open_effective` takes it.

    `period`: the key of a period (`closing.periods`), "" for the whole year with *Årsavslut*. `manual_series`: those in
    which people post by hand, None when unknown. The year before is looked at when it is imported too. Raises what
    `open_effective` raises, and `DataError` `period-unknown`, `year-too-long`, `analysis-year-missing`.
    """
    opened = open_effective(host, reference)
    source = host.sources.sources.get(opened.books.engagement.source_id)
    return analyse_ledger(
        opened.ledger,
        period=period,
        manual_series=manual_series,
        previous=_year_before(host, opened),
        imported_on=opened.books.snapshot.created_at.date(),
        kept=_sub_ledgers(host, opened),
        cannot_hold=frozenset() if source is None else frozenset(source.info.cannot_hold),
    )


def analyse_ledger(
    ledger: Ledger,
    *,
    period: str = "",
    manual_series: Collection[str] | None = None,
    previous: Ledger | None = None,
    imported_on: date | None = None,
    kept: _SubLedgers | None = None,
    cannot_hold: frozenset[str] = frozenset(),
) -> Analysis:
    """The same for a ledger alone, such as a file's."""
    year = ledger.year
    if year is None:
        raise DataError("analysis-year-missing")
    chosen = _period(year.start, year.end, period)
    subs = kept or _SubLedgers()
    facts = AnalysisFacts(
        ledger,
        chosen.start if period else year.start,
        chosen.end,
        previous=previous,
        year_end=chosen.is_year_end,
        imported_on=imported_on,
        manual_series=None if manual_series is None else frozenset(manual_series),
        documents=subs.documents,
        payments=subs.payments,
        control_accounts=subs.accounts,
        cannot_hold=cannot_hold,
    )
    return Analysis(ledger, facts.start, facts.end, analyse(facts, CHECKS))


def _period(start: date, end: date, key: str) -> Period:
    periods = periods_of(start, end)
    return period_of(periods, key) if key else periods[-1]


def _year_before(host: Host, opened: EffectiveBooks) -> Ledger | None:
    """The current books of the year that ends the day before this one begins."""
    engagement, snapshot = opened.books.engagement, opened.books.snapshot
    last = snapshot.year_start - timedelta(days=1)
    for each in host.store.snapshots.history(engagement.id):
        if each.current and each.year_end == last:
            return host.store.snapshots.load(engagement.id, each.id)
    return None


def _sub_ledgers(host: Host, opened: EffectiveBooks) -> _SubLedgers:
    """What the source stated with the newest attachments of the year."""
    documents, payments, accounts = {}, {}, {}
    for each in newest_made(versions_of_year(host, opened.books.snapshot)):
        facts = None if each.facts is None else read_facts(host.store.blobs, each.facts)
        if isinstance(facts, SubLedger):
            documents[each.side] = documents_frame(facts)
            payments[each.side] = payments_frame(facts)
            accounts[each.side] = each.control_accounts
    return _SubLedgers(documents, payments, accounts)
