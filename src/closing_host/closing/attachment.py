"""One attachment: a side's open items at the end of a day, reconciled with the ledger and explained (P 7.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from closing_host.api.errors import DataError
from closing_host.api.ledger import Ledger
from closing_host.api.subledger import OpenItems, Side, SubLedger
from closing_host.closing.ageing import ageing, credits, parties
from closing_host.closing.attachment_findings import AttachmentFinding, Seen, findings
from closing_host.closing.control import Control, control
from closing_host.closing.daily import DAILY, daily_series
from closing_host.closing.explanation import Explanation, explain, unexplained
from closing_host.closing.first_day import Parting, parting
from closing_host.closing.items import NOT_COUNTED, not_counted, open_items, stated_items
from closing_host.closing.linking import Linked, link, sign_of
from closing_host.closing.reconciliation import Reconciliation, reconcile
from closing_host.closing.valuation import valued


@dataclass(frozen=True, slots=True, eq=False)
class Attachment:
    """*Bilaga* for receivables or payables as at `as_at`. Amounts are öre; each module says which sign.

    `control_accounts`: the accounts that it is reconciled with. `final` is False when documents may still come for
    the day, because it lies after the day of import. `detailed` is False when the source states open items only: then
    original, paid and what came after are null, and a difference cannot be explained.

    Frames: `items` as `items.ITEMS`; `not_counted` (*Ej bokförda*) as `items.NOT_COUNTED`; `ageing` as
    `ageing.AGEING`, of which `credits` is the part of negative items; `parties` as `ageing.parties`; `currency` as
    `valuation.VALUED`; `series`, the year's days, as `daily.DAILY` (empty without detail).
    """

    side: Side
    as_at: date
    control_accounts: tuple[str, ...]
    cash_method: bool
    final: bool
    detailed: bool
    items: pl.DataFrame
    not_counted: pl.DataFrame
    ageing: pl.DataFrame
    credits: int
    parties: pl.DataFrame
    currency: pl.DataFrame
    reconciliation: Reconciliation
    explanation: Explanation
    parting: Parting | None
    series: pl.DataFrame
    findings: tuple[AttachmentFinding, ...]


def attachment_of(
    ledger: Ledger,
    facts: SubLedger | OpenItems,
    as_at: date | None = None,
    *,
    control_accounts: Sequence[str] = (),
    closing_rates: Mapping[str, Decimal] | None = None,
) -> Attachment:
    """The attachment of `facts` beside `ledger` at the end of `as_at`: the year's last day, or the date of the items.

    `control_accounts`: the user's choice, else the source's. `closing_rates`: kronor per unit by currency, to value
    foreign items. Raises `DataError` when the ledger states no year, `as_at` lies outside it or on a day that the
    source does not cover, there is no control account, or a document number repeats.
    """
    rates = closing_rates or {}
    if isinstance(facts, SubLedger):
        linked = link(ledger, facts, control_accounts)
        return attachment_at(linked, as_at or linked.control.end, closing_rates=rates)
    held = control(ledger, control_accounts or facts.control_accounts)
    if as_at not in (None, facts.as_at):
        raise DataError("attachment-other-day", as_at=as_at, stated=facts.as_at)
    _check_day(held, facts.as_at)
    return _of_items(held, facts, rates)


def attachment_at(
    linked: Linked,
    as_at: date,
    *,
    closing_rates: Mapping[str, Decimal] | None = None,
    series: pl.DataFrame | None = None,
) -> Attachment:
    """The attachment of a sub-ledger that `link` has linked, for one of several days.

    `series`: what `daily_series` gives for `linked`, when it is there already. Raises `DataError` as `attachment_of`.
    """
    facts, held = linked.facts, linked.control
    _check_day(held, as_at)
    if as_at < facts.complete_from:
        raise DataError("attachment-not-covered", as_at=as_at, complete_from=facts.complete_from)
    items = open_items(linked, as_at)
    series = daily_series(linked) if series is None else series
    reconciliation = reconcile(held, items, facts.side, as_at)
    seen = Seen(
        facts=facts,
        control=held,
        linked=linked,
        as_at=as_at,
        items=items,
        not_counted=not_counted(linked, as_at),
        parties=parties(items),
        currency=valued(items, closing_rates or {}, linked.sign),
        reconciliation=reconciliation,
        explanation=explain(linked, as_at, reconciliation.difference, items),
    )
    return _attachment(seen, parting(linked, series, as_at), series)


def _of_items(held: Control, facts: OpenItems, rates: Mapping[str, Decimal]) -> Attachment:
    items = stated_items(facts)
    reconciliation = reconcile(held, items, facts.side, facts.as_at)
    seen = Seen(
        facts=facts,
        control=held,
        linked=None,
        as_at=facts.as_at,
        items=items,
        not_counted=pl.DataFrame(schema=NOT_COUNTED),
        parties=parties(items),
        currency=valued(items, rates, sign_of(facts.side)),
        reconciliation=reconciliation,
        explanation=unexplained(reconciliation.difference),
    )
    return _attachment(seen, None, pl.DataFrame(schema=DAILY))


def _attachment(seen: Seen, parted: Parting | None, series: pl.DataFrame) -> Attachment:
    facts = seen.facts
    detailed = isinstance(facts, SubLedger)
    return Attachment(
        side=facts.side,
        as_at=seen.as_at,
        control_accounts=seen.control.accounts,
        cash_method=isinstance(facts, SubLedger) and facts.cash_method,
        final=not isinstance(facts, SubLedger) or seen.as_at <= facts.complete_to,
        detailed=detailed,
        items=seen.items,
        not_counted=seen.not_counted,
        ageing=ageing(seen.items),
        credits=credits(seen.items),
        parties=seen.parties,
        currency=seen.currency,
        reconciliation=seen.reconciliation,
        explanation=seen.explanation,
        parting=parted,
        series=series,
        findings=findings(seen),
    )


def _check_day(held: Control, as_at: date) -> None:
    if not held.start <= as_at <= held.end:
        raise DataError("attachment-outside-year", as_at=as_at, start=held.start, end=held.end)
