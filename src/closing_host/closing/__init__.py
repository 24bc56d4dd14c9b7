"""Closing rules: what an accountant would compute by hand, as pure functions over facts and ledger; no I/O.

Attachments (*bilagor*) for receivables and payables, in the order in which one is made:

- `facts`, `linking`: the source's documents and payments, linked to the ledger's vouchers and to the days they count
  from; `control`: what the ledger has on the control accounts;
- `items`, `ageing`, `valuation`: what was open at a day's end, how old it is, what it is worth;
- `reconciliation`: the control accounts against the open items; `explanation`: the difference in classes a-g that add
  up to it; `daily`, `first_day`: since when they differ;
- `attachment_findings`, `proposals`: what stands out, and the closing entries that are proposed;
- `attachment` puts it together; `versions` compares two.

The user's own:

- `schedule`: an attachment typed by the user, whose sum reconciles its account; `attached_files`: what may be attached.

Closing entries (*bokslutsverifikationer*):

- `entries`: the record, its states, and who may take it from which to which; `entry_rules`: what it must be;
- `entry_difference`, `entry_mirrors`: made from a difference, and to undo another;
- `effect`: the books with the entries that count.

The books as a whole:

- `periods`, `period_states`: the parts in which a year is signed off, and which are locked or wait;
- `period_balances`: every account's opening, change and closing in one; `reconciled_amounts`: what attachments
  reconcile accounts to; `standing`: how an account stands, signed off, reviewed or moved since;
- `income_statement`: result accounts summed and beside last year's; `monthly_figures`: a year month by month;
  `openings`: where a year opens against where the last one closed;
- `system_entries`: the entries that rules make (S); `analysis`: the checks of the transaction analysis.
"""

from closing_host.closing.attachment import Attachment, attachment_at, attachment_of
from closing_host.closing.attachment_findings import AttachmentFinding
from closing_host.closing.daily import daily_series
from closing_host.closing.explanation import LETTERS, Explanation, Letter
from closing_host.closing.first_day import Parting
from closing_host.closing.items import open_items
from closing_host.closing.linking import Linked, link
from closing_host.closing.proposals import ProposedEntry
from closing_host.closing.reconciliation import Reconciliation
from closing_host.closing.versions import item_changes

__all__ = [
    "LETTERS",
    "Attachment",
    "AttachmentFinding",
    "Explanation",
    "Letter",
    "Linked",
    "Parting",
    "ProposedEntry",
    "Reconciliation",
    "attachment_at",
    "attachment_of",
    "daily_series",
    "item_changes",
    "link",
    "open_items",
]
