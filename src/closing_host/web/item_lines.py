"""An attachment's open items as the page lists them: grouped with subtotals, some hundred at a time. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from closing_host.closing.ageing import BUCKETS
from closing_host.closing.attachment import Attachment
from closing_host.documents.attachment_items import Order

AT_ONCE: Final = 300
"""Items of one page."""

_AGE: Final = {bucket: place for place, bucket in enumerate(BUCKETS)}

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sums:
    """Öre; `original` and `paid` are None when the source states open amounts only."""

    open: int
    original: int | None
    paid: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Items of one party, or of one age. `rows` are those of the page; `sums` are of all `count`.

    `begins` and `ends`: whether its first and last item are on the page.
    """

    first: Row
    rows: tuple[Row, ...]
    sums: Sums
    count: int
    begins: bool
    ends: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Page `page` of `pages`. `total`: of all items."""

    order: Order
    groups: tuple[Group, ...]
    page: int
    pages: int
    total: Sums


def item_page(made: Attachment, order: Order, page: int, at_once: int = AT_ONCE) -> ItemPage:
    """The open items of `made` in `order`; a page beyond the last is the last."""
    rows = list(made.items.iter_rows(named=True))
    if order == "age":
        rows.sort(key=lambda row: (_AGE[row["bucket"]], -row["days"]))
    pages = max(1, -(-len(rows) // at_once))
    shown = max(1, min(page, pages))
    first = (shown - 1) * at_once
    groups = tuple(_groups(rows, "party" if order == "party" else "bucket", first, first + at_once))
    return ItemPage(order, groups, shown, pages, _sums(rows))


def _groups(rows: Sequence[Row], key: str, first: int, after: int) -> Iterator[Group]:
    start = 0
    for _, several in groupby(rows, lambda row: row[key]):
        group = list(several)
        end = start + len(group)
        on_page = group[max(first - start, 0) : max(after - start, 0)]
        if on_page:
            yield Group(group[0], tuple(on_page), _sums(group), len(group), start >= first, end <= after)
        start = end


def _sums(rows: Sequence[Row]) -> Sums:
    def total(column: str) -> int | None:
        known = [row[column] for row in rows if row[column] is not None]
        return sum(known) if known else None

    return Sums(total("open") or 0, total("original"), total("paid"))
