"""Entries that something else suggests: a reconciliation difference, or a finding of an attachment."""

from dataclasses import dataclass, replace
from datetime import date

from closing_host.api.errors import DataError
from closing_host.api.subledger import Side
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, Origin, Status
from closing_host.closing.entry_difference import counter_account, difference_rows
from closing_host.closing.entry_rules import LONGEST_TEXT
from closing_host.closing.proposals import ProposedEntry
from closing_host.engagements.attachments import open_attachments
from closing_host.engagements.entry_year import EntryYear
from closing_host.engagements.host import Host


@dataclass(frozen=True, slots=True)
class FromDifference:
    """What would bring an account to its reconciled amount. `text`: the one last used for it, else its name."""

    rows: tuple[DraftRow, ...]
    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class FromAttachment:
    """What an attachment's finding proposes, as at `as_at`; `entry.code` and `entry.parameters` give its text."""

    entry: ProposedEntry
    as_at: date
    origin: Origin

    @property
    def needs_account(self) -> bool:
        """Whether an account is still to be chosen."""
        return any(not row.account for row in self.entry.rows)

    def rows(self, counter: str = "") -> tuple[DraftRow, ...]:
        """The rows, with `counter` where an account is to be chosen."""
        return tuple(replace(row, account=row.account or counter) for row in self.entry.rows)


def from_difference(
    year: EntryYear, account: str, reconciled: int, *, period: str = YEAR_END, counter: str | None = None
) -> FromDifference:
    """The entry after which `account` stands at `reconciled` öre (ledger's sign) when `period` ends (P 7.5.2).

    Without `counter` the one is taken that was last used for the account in this company, else the usual one. Raises
    `DataError` `entry-no-difference`, and `entry-counter-account-missing` when none is known.
    """
    chosen = counter or counter_account(account, year.entries, year.chart.accounts)
    if chosen is None:
        raise DataError("entry-counter-account-missing", account=account)
    origin = Origin("difference", account)
    earlier = [each for each in year.entries if each.origin == origin and each.status is not Status.DELETED]
    text = earlier[-1].content.text if earlier else f"{account} {year.chart.accounts.get(account, '')}".rstrip()
    rows = difference_rows(account, year.balance(account, period), reconciled, chosen)
    return FromDifference(rows, text[:LONGEST_TEXT], origin)


def from_attachment(host: Host, reference: str, side: Side, number: int) -> FromAttachment:
    """The `number`th entry (from 1) that the stored attachment of `side` proposes, in the order of its findings.

    Raises `DataError` `entry-no-proposal`, and what `open_attachments` raises.
    """
    found = [each for each in open_attachments(host, reference) if each.record.side == side]
    proposed = [(each, finding) for each in found for finding in each.made.findings if finding.proposal is not None]
    if not 1 <= number <= len(proposed):
        raise DataError("entry-no-proposal", number=number, count=len(proposed))
    opened, finding = proposed[number - 1]
    assert finding.proposal is not None
    origin = Origin("attachment", f"{side}:{opened.record.version}:{finding.code}")
    return FromAttachment(finding.proposal, opened.made.as_at, origin)
