"""Looking for vouchers in one series of one year: who carries a marker, a number, or is above the high-water mark.

A look that proves an absence has read the series' whole list, every page of one moment, as many vouchers as Fortnox
counts. Lists have no rows, so each voucher that is found is read by itself. Nobody promises that a list has what was
booked a moment ago, so what the series has counted beyond its list is asked for by number.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from closing_host.api.context import FindRequest
from closing_host.api.vouchers import FoundVouchers, VoucherRecord
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.errors import NotFound
from datasource_fortnox.models import Voucher, VoucherSummary
from datasource_fortnox.paging import Listing
from datasource_fortnox.posting_records import carries, recorded
from datasource_fortnox.posting_years import year_id

Told = Callable[[int, int | None], None]

MOST_BEYOND: Final = 20
"""Of the numbers beyond the list, how many of the last are asked for: new vouchers take the highest."""

_BY_HAND: Final = frozenset({"", "MANUAL"})
"""Reference types of vouchers that may be ours; the others were made from documents (F 5.1)."""


@dataclass(frozen=True, slots=True)
class _Series:
    """What the list says of one series. `exact`: all of it, of one moment, and as many as Fortnox counts."""

    items: tuple[VoucherSummary, ...]
    total: int | None
    exact: bool


async def find(fortnox: FortnoxClient, request: FindRequest, told: Told) -> FoundVouchers:
    """The asked vouchers with their rows. `complete` is false as soon as anything moved while it was read.

    Raises what reading raises; a look that failed says nothing about absence.
    """
    year = await year_id(fortnox, request.year)
    series = await _series(fortnox, year, request.series)
    asked = [item.voucher_number for item in series.items if _to_be_read(item, request)]
    listed = {item.voucher_number for item in series.items}
    unlisted = {int(number) for number in request.numbers if number.isascii() and number.isdigit()} - listed
    if not all(any(_carries(item, marker) for item in series.items) for marker in request.markers):
        unlisted |= await _beyond(fortnox, year, request.series, listed)
    found: list[VoucherRecord] = []
    moved = False
    for done, number in enumerate((*asked, *sorted(unlisted))):
        told(done, len(asked) + len(unlisted))
        try:
            voucher = await fortnox.voucher(year, request.series, number)
        except NotFound:
            moved |= number in listed
            continue
        moved |= number not in listed
        if _is_asked(voucher, request):
            found.append(recorded(voucher, request.year.start, sorted(request.markers)))
        else:  # in a list that has comments it was: somebody has just changed it
            moved |= any(_named(item, request) for item in series.items if item.voucher_number == number)
    return FoundVouchers(tuple(found), series.total, complete=series.exact and not moved)


async def _series(fortnox: FortnoxClient, year: int, code: str) -> _Series:
    """The series' list; the whole year's when the series' own does not add up, as filtered ones may not (F 3.3)."""
    series = _of(await fortnox.vouchers(year, series=code), year, code)
    return series if series.exact else _of(await fortnox.vouchers(year), year, code)


async def _beyond(fortnox: FortnoxClient, year: int, code: str, listed: Collection[int]) -> set[int]:
    """Numbers that the series has given out but its list does not have: deleted, or younger than the list."""
    try:
        following = (await fortnox.series_with_next_number(year, code)).next_voucher_number
    except NotFound:  # a removed series may still hold vouchers; it counts no further
        following = None
    if following is None:
        return set()
    return set(range(max(max(listed, default=0) + 1, following - MOST_BEYOND), following))


def _of(listing: Listing[VoucherSummary], year: int, code: str) -> _Series:
    """Searches match parts of words (F 3.4), so other series may be in the list, and in its total."""
    items = tuple(item for item in listing.items if (item.year, item.voucher_series) == (year, code))
    total = None if listing.total is None else listing.total - (len(listing.items) - len(items))
    return _Series(items, total, listing.complete and total == len(items))


def _to_be_read(item: VoucherSummary, request: FindRequest) -> bool:
    if _is_asked(item, request):
        return True
    without_comments = "comments" not in item.model_fields_set
    return bool(request.markers) and without_comments and item.reference_type in _BY_HAND


def _is_asked(item: VoucherSummary | Voucher, request: FindRequest) -> bool:
    above = request.above is not None and item.voucher_number > request.above
    return above or str(item.voucher_number) in request.numbers or _named(item, request)


def _named(item: VoucherSummary | Voucher, request: FindRequest) -> bool:
    return any(_carries(item, marker) for marker in request.markers)


def _carries(item: VoucherSummary | Voucher, marker: str) -> bool:
    return carries(item.comments, item.description, marker)
