"""What attachments reconcile accounts to at the end of a day: their *avstämningsbelopp* (RA, P 7.2)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from closing_host.api.errors import DataError
from closing_host.api.ledger import Ledger
from closing_host.api.subledger import OpenItems, SubLedger
from closing_host.closing.control import control
from closing_host.closing.items import open_items, stated_items
from closing_host.closing.linking import link
from closing_host.closing.reconciliation import Reconciliation, reconcile
from closing_host.closing.schedule import Schedule, reconciled_amount


def open_amount(ledger: Ledger, facts: SubLedger | OpenItems, accounts: Sequence[str], day: date) -> int | None:
    """What the open items at the end of `day` say that the control accounts hold together, öre in the ledger's sign;
    None for a day that `facts` do not cover. `ledger`: the import, whose vouchers say from when a document counts."""
    try:
        found = _reconciliation(ledger, facts, accounts, day)
    except DataError:  # what is wrong with them is told where attachments are made and opened
        return None
    return None if found is None else found.reconciled


def divided(total: int, accounts: Sequence[str], closings: Mapping[str, int]) -> dict[str, int]:
    """RA of each of `accounts`, which hold `total` together. `closings`: UB by account, as the period shows it; an
    account that is not there stands at nothing.

    The first account takes what the others' balances leave, so that a difference shows once, on that account.
    """
    first = accounts[0]
    others = {account: closings.get(account, 0) for account in accounts if account != first}
    return {first: total - sum(others.values()), **others}


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
