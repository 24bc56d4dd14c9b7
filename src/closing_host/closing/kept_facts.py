"""A source's facts taken apart for keeping, and put together again: a head and tables, equal to what was stated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeVar

import polars as pl

from closing_host.api.subledger import Document, Foreign, OpenItem, OpenItems, Payment, Side, SubLedger, VoucherRef
from closing_host.closing.facts import documents_frame, items_frame, payments_frame

T = TypeVar("T")

TABLES: Final[Mapping[str, tuple[str, ...]]] = {"sub_ledger": ("documents", "payments"), "open_items": ("items",)}
"""The tables of each kind of facts."""


@dataclass(frozen=True, slots=True)
class FactsHead:
    """What stands outside the tables. A sub-ledger is complete from `first` through `last`; open items have one day.

    `control_accounts` are those that the source stated.
    """

    kind: Literal["sub_ledger", "open_items"]
    side: Side
    control_accounts: tuple[str, ...]
    first: date
    last: date
    cash_method: bool = False


def taken_apart(facts: SubLedger | OpenItems) -> tuple[FactsHead, dict[str, pl.DataFrame]]:
    """The head and the tables, by name. Raises `DataError` for a document number that repeats."""
    if isinstance(facts, OpenItems):
        head = FactsHead("open_items", facts.side, facts.control_accounts, facts.as_at, facts.as_at)
        return head, {"items": items_frame(facts)}
    head = FactsHead(
        "sub_ledger", facts.side, facts.control_accounts, facts.complete_from, facts.complete_to, facts.cash_method
    )
    return head, {"documents": documents_frame(facts), "payments": payments_frame(facts)}


def put_together(head: FactsHead, tables: Mapping[str, pl.DataFrame]) -> SubLedger | OpenItems:
    """The facts as they were stated; a rate keeps its twelve decimals."""
    if head.kind == "open_items":
        return OpenItems(head.side, head.control_accounts, head.first, _records(tables["items"], _item))
    return SubLedger(
        head.side,
        head.control_accounts,
        _records(tables["documents"], _document),
        _records(tables["payments"], _payment),
        head.first,
        head.last,
        head.cash_method,
    )


def _records(table: pl.DataFrame, made: Callable[[dict[str, Any]], T]) -> tuple[T, ...]:
    return tuple(made(row) for row in table.iter_rows(named=True))


def _document(row: dict[str, Any]) -> Document:
    return Document(
        number=row["document"],
        voucher=_voucher(row),
        foreign=_foreign(row),
        accounts=tuple(row["accounts"]),
        **{name: row[name] for name in _DOCUMENT},
    )


def _payment(row: dict[str, Any]) -> Payment:
    return Payment(
        number=row["payment"], voucher=_voucher(row), foreign=_foreign(row), **{name: row[name] for name in _PAYMENT}
    )


def _item(row: dict[str, Any]) -> OpenItem:
    return OpenItem(number=row["document"], amount=row["open"], **{name: row[name] for name in _ITEM})


def _voucher(row: dict[str, Any]) -> VoucherRef | None:
    if row["year_start"] is None:
        return None
    return VoucherRef(row["year_start"], row["series"], row["number"])


def _foreign(row: dict[str, Any]) -> Foreign | None:
    return None if row["currency"] is None else Foreign(row["currency"], row["foreign"], row["rate"])


_ITEM: Final = ("party", "party_name", "external_number", "dated", "due")
_DOCUMENT: Final = (*_ITEM, "total", "vat", "balance", "booked", "cancelled")
_PAYMENT: Final = ("document", "dated", "amount", "booked", "kind")
