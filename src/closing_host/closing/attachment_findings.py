"""What stands out on an attachment, and the closing entry that would put it right (P 7.4.7-7.4.9)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

import polars as pl

from closing_host.api.ledger import Severity
from closing_host.api.money import decimal_from_ore
from closing_host.api.subledger import OpenItems, SubLedger
from closing_host.closing import proposals
from closing_host.closing.ageing import BUCKETS
from closing_host.closing.control import Control
from closing_host.closing.explanation import Explanation
from closing_host.closing.linking import Linked, sign_of
from closing_host.closing.proposals import ProposedEntry
from closing_host.closing.reconciliation import Reconciliation
from closing_host.closing.valuation import vat_in_open, vat_of
from closing_host.ledgers.amounts import wide

LARGE_SHARE: Final = 25
"""Percent of Σ open above which one party is named."""

OLD_CREDIT: Final = 30
"""Days after its date from which a negative item is named."""


@dataclass(frozen=True, slots=True)
class AttachmentFinding:
    """One thing to look at. `code` and `parameters` give its words; amounts in these are kronor as `Decimal`.

    `documents` and `parties` name what it is about, `proposal` the closing entry that it suggests, if any.
    """

    code: str
    severity: Severity
    parameters: Mapping[str, object] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    proposal: ProposedEntry | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """An attachment's figures, as the findings look at them. `linked` is None for a source that states items only."""

    facts: SubLedger | OpenItems
    control: Control
    linked: Linked | None
    as_at: date
    items: pl.DataFrame
    not_counted: pl.DataFrame
    parties: pl.DataFrame
    currency: pl.DataFrame
    reconciliation: Reconciliation
    explanation: Explanation

    @property
    def account(self) -> str:
        """The main control account: the first of those that the books of the company are set up with."""
        stated = self.facts.control_accounts
        return next((account for account in stated if account in self.control.accounts), self.control.accounts[0])


def findings(seen: Seen) -> tuple[AttachmentFinding, ...]:
    """Everything that stands out, what concerns the difference first."""
    return tuple(finding for look in _LOOKS for finding in look(seen))


def _final(seen: Seen) -> Iterator[AttachmentFinding]:
    if isinstance(seen.facts, OpenItems):
        return
    if seen.as_at > seen.facts.complete_to:
        known = {"as_at": seen.as_at, "complete_to": seen.facts.complete_to}
        yield AttachmentFinding("attachment-not-final", "warning", known)
    if seen.facts.complete_from > seen.control.start:
        yield AttachmentFinding("attachment-covered-from", "info", {"complete_from": seen.facts.complete_from})


def _difference(seen: Seen) -> Iterator[AttachmentFinding]:
    difference = seen.reconciliation.difference
    amount = {"difference": decimal_from_ore(difference)}
    if isinstance(seen.facts, SubLedger) and seen.facts.cash_method:
        yield _cash_method(seen)
        return
    if difference:
        yield AttachmentFinding("attachment-difference", "warning", amount)
        if not seen.explanation.complete:
            yield AttachmentFinding("attachment-items-only", "info")
    elif any(seen.explanation.amounts.values()):
        yield AttachmentFinding("attachment-differences-cancel", "warning")
    elsewhere = seen.explanation.rows.filter(pl.col("class") == "c")
    if elsewhere.height:
        accounts = ", ".join(elsewhere["account"].str.split(", ").explode().unique().sort())
        documents = _distinct(elsewhere["documents"].explode())
        yield AttachmentFinding("attachment-other-account", "info", {"accounts": accounts}, documents)


def _cash_method(seen: Seen) -> AttachmentFinding:
    assert seen.linked is not None
    side, sign = seen.facts.side, sign_of(seen.facts.side)
    vat, unknown = vat_in_open(seen.items, vat_of(seen.linked))
    vat_account = proposals.DORMANT_VAT[side]
    proposal = proposals.unpaid_with_cash_method(
        seen.account,
        vat_account,
        seen.reconciliation.difference,
        sign * vat,
        proposals.balance(seen.control.ledger, vat_account, seen.as_at),
    )
    counts = {"open": decimal_from_ore(seen.reconciliation.open), "vat_unknown": len(unknown)}
    return AttachmentFinding("attachment-cash-method", "info", counts, unknown, proposal=proposal)


def _checks(seen: Seen) -> Iterator[AttachmentFinding]:
    yield from _about("attachment-check", "warning", seen.items.filter("check"))
    if seen.linked is not None:
        known = seen.linked.documents.select("document")
        orphans = seen.linked.entries.join(known, on="document", how="anti")
        if orphans.height:
            documents = _distinct(orphans["document"])
            yield AttachmentFinding("attachment-payment-alone", "warning", {"count": orphans.height}, documents)


def _reversed_parties(seen: Seen) -> Iterator[AttachmentFinding]:
    turned = seen.parties.filter(pl.col("open") < 0)
    if turned.height:
        counter = proposals.declared(seen.control.ledger, proposals.RECLASSIFIED[seen.facts.side])
        proposal = proposals.reclassification(seen.account, counter, turned, sign_of(seen.facts.side))
        amount = -int(turned.select(wide("open").sum()).item())
        yield AttachmentFinding(
            f"attachment-{seen.facts.side}-reversed",
            "warning",
            {"count": turned.height, "amount": decimal_from_ore(amount), "account": counter},
            parties=tuple(turned["party"]),
            proposal=proposal,
        )


def _old(seen: Seen) -> Iterator[AttachmentFinding]:
    old = seen.items.filter((pl.col("bucket") == BUCKETS[-1]) & (pl.col("open") > 0))
    if not old.height:
        return
    total = int(old.select(wide("open").sum()).item())
    known = {"count": old.height, "amount": decimal_from_ore(total)}
    documents = tuple(old["document"])
    if seen.facts.side == "payables":
        yield AttachmentFinding("attachment-payables-old", "info", known, documents)
        return
    if seen.linked is None:
        vat, unknown = 0, documents
    else:
        vat, unknown = vat_in_open(old, vat_of(seen.linked))
    written_down = proposals.balance(seen.control.ledger, proposals.WRITE_DOWN, seen.as_at)
    net = {"net": decimal_from_ore(total - vat), "written_down": decimal_from_ore(-written_down)}
    proposal = proposals.feared_losses(total - vat, written_down)
    yield AttachmentFinding("attachment-receivables-old", "warning", known | net, documents, proposal=proposal)
    if unknown:
        yield AttachmentFinding("attachment-vat-unknown", "info", {"count": len(unknown)}, unknown)


def _large_parties(seen: Seen) -> Iterator[AttachmentFinding]:
    total = seen.reconciliation.open
    for party, amount in seen.parties.select("party", "open").rows():
        if total > 0 and amount * 100 > total * LARGE_SHARE:
            known = {"party": party, "percent": amount * 100 // total, "amount": decimal_from_ore(amount)}
            yield AttachmentFinding("attachment-large-party", "info", known, parties=(party,))


def _old_credits(seen: Seen) -> Iterator[AttachmentFinding]:
    age = (pl.lit(seen.as_at) - pl.col("dated")).dt.total_days()
    old = seen.items.filter((pl.col("open") < 0) & (age > OLD_CREDIT))
    yield from _about("attachment-old-credit", "info", old)


def _duplicates(seen: Seen) -> Iterator[AttachmentFinding]:
    """The same supplier's own number on more than one invoice, paid or not (Kontrollera: a double payment)."""
    if seen.facts.side == "receivables":
        return
    if seen.linked is None:
        invoices = seen.items.rename({"open": "total"})
    else:
        counted = pl.col("booked") & ~pl.col("cancelled") & (pl.col("day") <= seen.as_at)
        invoices = seen.linked.documents.filter(counted)
    own = pl.col("external_number").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    alike = (
        invoices.filter(pl.col("total") > 0)
        .with_columns(own=own)
        .filter((pl.col("own") != "") & pl.struct("party", "own").is_duplicated())
        .sort("party", "own", "document")
    )
    if alike.height:
        count = alike.select("party", "own").n_unique()
        documents = tuple(alike["document"])
        yield AttachmentFinding("attachment-duplicate", "warning", {"count": count}, documents)


def _dates(seen: Seen) -> Iterator[AttachmentFinding]:
    yield from _about(
        "attachment-due-missing", "info", seen.items.filter(pl.col("due_missing") & (pl.col("open") != 0))
    )
    yield from _about(
        "attachment-booked-later", "info", seen.not_counted.filter(pl.col("reason") == "booked_later"), "original"
    )
    written_off = seen.items.filter(pl.col("written_off_after") != 0)
    yield from _about("attachment-written-off-after", "warning", written_off, "written_off_after")


def _currency(seen: Seen) -> Iterator[AttachmentFinding]:
    if not seen.currency.height:
        return
    currencies = ", ".join(seen.currency["currency"].unique().sort())
    without = seen.currency.filter(pl.col("value").is_null())
    if without.height:
        yield AttachmentFinding(
            "attachment-rate-missing", "info", {"currencies": currencies}, tuple(without["document"])
        )
    change = int(seen.currency.select(wide("unrealised").sum()).item())
    if proposal := proposals.closing_rate(seen.account, seen.currency):
        known = {"amount": decimal_from_ore(change), "currencies": currencies}
        yield AttachmentFinding(
            "attachment-currency", "info", known, tuple(seen.currency["document"]), proposal=proposal
        )


def _about(code: str, severity: Severity, items: pl.DataFrame, amount: str = "open") -> Iterator[AttachmentFinding]:
    """A finding about `items`, with their count and the sum of `amount`, when there are any."""
    if items.height:
        total: Decimal = decimal_from_ore(int(items.select(wide(amount).sum()).item()))
        yield AttachmentFinding(code, severity, {"count": items.height, "amount": total}, tuple(items["document"]))


def _distinct(numbers: pl.Series) -> tuple[str, ...]:
    return tuple(numbers.drop_nulls().unique().sort())


_LOOKS: Final[tuple[Callable[[Seen], Iterator[AttachmentFinding]], ...]] = (
    _final,
    _difference,
    _checks,
    _reversed_parties,
    _old,
    _large_parties,
    _old_credits,
    _duplicates,
    _dates,
    _currency,
)
