"""Words of the attachments: findings, proposed closing entries, and why one cannot be made."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "attachment-no-year": (
        "The ledger does not state its financial year, so there is no closing day. Import books that state it."
    ),
    "attachment-no-control-account": (
        "No control account is chosen for the attachment. Choose one, such as 1510 or 2440, and try again."
    ),
    "attachment-document-repeated": (
        "The source states document {record} more than once, so open amounts cannot be told. Correct it in the "
        "source and import again."
    ),
    "attachment-outside-year": (
        "{as_at} lies outside the financial year {start} – {end}. Choose a day in the year, or open the right year."
    ),
    "attachment-not-covered": (
        "The source states documents and payments from {complete_from} only, so what was open on {as_at} is not "
        "known. Choose a later day."
    ),
    "attachment-other-day": (
        "The source states open items as at {stated}, not as at {as_at}. Choose that day, or import open items as "
        "at {as_at}."
    ),
    "attachment-not-final": (
        "{as_at} lies after the day of import, {complete_to}: invoices and payments may still come. Import again "
        "when the day has passed."
    ),
    "attachment-covered-from": (
        "The source states documents and payments from {complete_from} only. What was there before stands as an "
        "opening difference; compare it with the open items of that day."
    ),
    "attachment-difference": (
        "Ledger and open items differ by {difference}. Look at the classes of the explanation, correct the vouchers "
        "in the source or make a closing entry, or comment the difference."
    ),
    "attachment-items-only": (
        "The source states open items only, without payments and vouchers, so the difference cannot be explained. "
        "Compare the vouchers on the control account with the items by hand."
    ),
    "attachment-differences-cancel": (
        "Ledger and open items agree, but only because several differences cancel each other. Look at the classes "
        "of the explanation."
    ),
    "attachment-other-account": (
        "Documents or payments are booked on {accounts}, which is not among the control accounts. Add it to them if "
        "the open items are meant to hold it, or correct the vouchers."
    ),
    "attachment-cash-method": (
        "Cash method: the open items, {open}, are booked first when they are paid, so a difference is no error. At "
        "year end they must be booked; see the proposed entry and choose its account. VAT is not known for "
        "{vat_unknown} documents; check them."
    ),
    "attachment-check": (
        "{count} items, {amount}, are not confirmed by the balance that the source states. Compare both values with "
        "the invoice and its payments in the source."
    ),
    "attachment-payment-alone": (
        "{count} payments settle documents that the source does not state. Look the payments up in the source."
    ),
    "attachment-receivables-reversed": (
        "{count} customers are owed {amount} in all. Receivables and liabilities may not be set off; move the "
        "amount to {account} as proposed."
    ),
    "attachment-payables-reversed": (
        "{count} suppliers owe {amount} in all. Liabilities and receivables may not be set off; move the amount to "
        "{account} as proposed."
    ),
    "attachment-receivables-old": (
        "{count} items, {amount}, have been due for more than 90 days: {net} without VAT, of which {written_down} "
        "is written down. Judge whether they will be paid; the proposed entry writes down the rest."
    ),
    "attachment-payables-old": (
        "{count} items, {amount}, have been due for more than 90 days. Find out whether they are disputed or paid."
    ),
    "attachment-vat-unknown": (
        "VAT is not known for {count} of the old items; they count with their whole amount. Take their VAT off the "
        "entry."
    ),
    "attachment-large-party": (
        "Party {party} stands for {percent} % of the open items, {amount}. Judge its ability to pay, or your "
        "dependence on it, by itself."
    ),
    "attachment-old-credit": (
        "{count} negative items, {amount}, are older than 30 days. Set them off against invoices or pay them out."
    ),
    "attachment-duplicate": (
        "{count} supplier's invoice numbers stand on several invoices. Check that none is booked or paid twice."
    ),
    "attachment-due-missing": (
        "{count} items, {amount}, have no due date and are aged from the invoice date. State the due date in the "
        "source."
    ),
    "attachment-booked-later": (
        "{count} documents, {amount}, are dated up to the day and booked after it. Judge whether they belong to the "
        "year; then make an entry for them."
    ),
    "attachment-written-off-after": (
        "{count} items were written off after the day, {amount}. Judge whether the loss was there on the day; then "
        "write them down."
    ),
    "attachment-rate-missing": (
        "Items in foreign currency ({currencies}) stand at the rate as booked. State the closing day's rate to "
        "value them."
    ),
    "attachment-currency": (
        "At the closing day's rate the items in {currencies} change by {amount} (debit positive). Book the proposed "
        "entry."
    ),
    "attachment-entry-reversed": "Reversed balances moved",
    "attachment-entry-feared": "Feared losses on receivables",
    "attachment-entry-currency": "Receivables and payables valued at the closing rate",
    "attachment-entry-cash-method": "Unpaid items at year end, cash method",
}
