"""What attachments reconcile accounts to at the end of a day: their *avstämningsbelopp* (RA, P 7.2)."""

from collections.abc import Iterable, Sequence
from datetime import date

from closing_host.api.errors import DataError
from closing_host.api.ledger import Ledger
from closing_host.api.subledger import OpenItems, SubLedger
from closing_host.closing.control import control
from closing_host.closing.items import open_items, stated_items
from closing_host.closing.linking import link
from closing_host.closing.reconciliation import Reconciliation, reconcile
from closing_host.closing.schedule import Schedule, reconciled_amount


def automatic_amounts(
    ledger: Ledger, facts: SubLedger | OpenItems, accounts: Sequence[str], day: date
) -> dict[str, int]:
    """RA by control account at the end of `day`, öre in the ledger's sign; empty for a day that `facts` do not cover.

    The open items say what all control accounts of a side hold together. With several the first one takes what the
    others' balances leave, so that a difference shows once, on that account, and the sum is the open items'.
    """
    try:
        found = _reconciliation(ledger, facts, accounts, day)
    except DataError:  # what is wrong with them is told where attachments are made and opened
        return {}
    if found is None:
        return {}
    closings = dict(found.accounts.select("account", "closing").iter_rows())
    first = next(each for each in (*accounts, *closings) if each in closings)
    others = sum(amount for account, amount in closings.items() if account != first)
    return {**closings, first: found.reconciled - others}


def attached_amount(automatic: int | None, schedules: Iterable[Schedule]) -> int | None:
    """RA of an account: the sum of all its attachments, the automatic one and the user's own; None without any."""
    own = reconciled_amount(schedules)
    if automatic is None:
        return own
    return automatic + (own or 0)


def _reconciliation(
    ledger: Ledger, facts: SubLedger | OpenItems, accounts: Sequence[str], day: date
) -> Reconciliation | None:
    if isinstance(facts, OpenItems):
        if facts.as_at != day:
            return None
        return reconcile(control(ledger, accounts or facts.control_accounts), stated_items(facts), facts.side, day)
    if day < facts.complete_from:
        return None
    linked = link(ledger, facts, accounts)
    return reconcile(linked.control, open_items(linked, day), facts.side, day)
