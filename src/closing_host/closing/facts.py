"""A source's documents, payments and open items as tables: the same facts, column by column."""

from typing import Any, Final

import polars as pl

from closing_host.api.errors import DataError
from closing_host.api.subledger import OpenItems, SubLedger

RATE: Final = pl.Decimal(38, 12)

DOCUMENTS: Final[dict[str, Any]] = {
    "document": pl.String,
    "party": pl.String,
    "party_name": pl.String,
    "external_number": pl.String,
    "dated": pl.Date,
    "due": pl.Date,
    "total": pl.Int64,  # öre, positive is what is owed
    "vat": pl.Int64,  # null when not known
    "balance": pl.Int64,  # open at `complete_to`; null when the source does not say
    "booked": pl.Boolean,
    "cancelled": pl.Boolean,
    "year_start": pl.Date,  # with series and number: the voucher; null when none is stated
    "series": pl.String,
    "number": pl.String,
    "accounts": pl.List(pl.String),
    "currency": pl.String,  # null: the ledger's
    "foreign": pl.Int64,  # total in hundredths of `currency`
    "rate": RATE,
}
"""Columns of the documents."""

PAYMENTS: Final[dict[str, Any]] = {
    "payment": pl.String,
    "document": pl.String,
    "dated": pl.Date,
    "amount": pl.Int64,  # öre by which the document's open amount shrinks
    "booked": pl.Boolean,
    "kind": pl.String,
    "year_start": pl.Date,
    "series": pl.String,
    "number": pl.String,
    "currency": pl.String,  # null: the ledger's
    "foreign": pl.Int64,  # hundredths of `currency`
    "rate": RATE,
}
"""Columns of the payments."""

OPEN_ITEMS: Final[dict[str, Any]] = {
    "document": pl.String,
    "party": pl.String,
    "party_name": pl.String,
    "external_number": pl.String,
    "dated": pl.Date,
    "due": pl.Date,
    "open": pl.Int64,  # öre, positive is what is owed
}
"""Columns of what was open as at a date, for a source that states no more."""


def documents_frame(facts: SubLedger) -> pl.DataFrame:
    """The documents in the source's order. Raises `DataError` for a document number that repeats."""
    each = facts.documents
    vouchers = [document.voucher for document in each]
    foreign = [document.foreign for document in each]
    frame = pl.DataFrame(
        {
            "document": [document.number for document in each],
            "party": [document.party for document in each],
            "party_name": [document.party_name for document in each],
            "external_number": [document.external_number for document in each],
            "dated": [document.dated for document in each],
            "due": [document.due for document in each],
            "total": [document.total for document in each],
            "vat": [document.vat for document in each],
            "balance": [document.balance for document in each],
            "booked": [document.booked for document in each],
            "cancelled": [document.cancelled for document in each],
            "year_start": [voucher and voucher.year_start for voucher in vouchers],
            "series": [voucher and voucher.series for voucher in vouchers],
            "number": [voucher and voucher.number for voucher in vouchers],
            "accounts": [list(document.accounts) for document in each],
            "currency": [amount and amount.currency for amount in foreign],
            "foreign": [amount and amount.amount for amount in foreign],
            "rate": [amount and amount.rate for amount in foreign],
        },
        schema=DOCUMENTS,
    )
    repeated = frame.filter(pl.col("document").is_duplicated())
    if repeated.height:
        raise DataError("attachment-document-repeated", record=repeated["document"][0])
    return frame


def payments_frame(facts: SubLedger) -> pl.DataFrame:
    """The payments, write-offs, currency differences and set-offs in the source's order."""
    each = facts.payments
    vouchers = [payment.voucher for payment in each]
    foreign = [payment.foreign for payment in each]
    return pl.DataFrame(
        {
            "payment": [payment.number for payment in each],
            "document": [payment.document for payment in each],
            "dated": [payment.dated for payment in each],
            "amount": [payment.amount for payment in each],
            "booked": [payment.booked for payment in each],
            "kind": [payment.kind for payment in each],
            "year_start": [voucher and voucher.year_start for voucher in vouchers],
            "series": [voucher and voucher.series for voucher in vouchers],
            "number": [voucher and voucher.number for voucher in vouchers],
            "currency": [amount and amount.currency for amount in foreign],
            "foreign": [amount and amount.amount for amount in foreign],
            "rate": [amount and amount.rate for amount in foreign],
        },
        schema=PAYMENTS,
    )


def items_frame(facts: OpenItems) -> pl.DataFrame:
    """The open items in the source's order."""
    return pl.DataFrame(
        [
            (each.number, each.party, each.party_name, each.external_number, each.dated, each.due, each.amount)
            for each in facts.items
        ],
        schema=OPEN_ITEMS,
        orient="row",
    )
