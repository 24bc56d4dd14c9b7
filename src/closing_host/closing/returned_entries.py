"""Year-end entries that came back with the books (P 7.5.4): they stay in *Årsavslut*.

An exported entry of *Årsavslut* is dated the year's last day, so an import brings it as a voucher of the last month.
Counted there it would move what is signed off in December, although nothing has changed: no balance may differ before
and after a re-import that recognises the entry, in any period.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.closing.effect import MOVEMENTS
from closing_host.closing.entries import YEAR_END, ClosingEntry, Status
from closing_host.closing.recognition import Place, listed_places
from closing_host.ledgers.amounts import fitted, wide

_IN_BOOKS: Final = frozenset({Status.EXCLUDED, Status.CHANGED, Status.DOUBLE})


def returned(entries: Iterable[ClosingEntry]) -> tuple[ClosingEntry, ...]:
    """Those that the books hold as vouchers, so that they are not counted beside them."""
    return tuple(each for each in entries if each.status in _IN_BOOKS and not each.counts)


def places_of(entry: ClosingEntry) -> frozenset[Place]:
    """Series and number of each voucher that it is known to be."""
    at = entry.transferred
    return listed_places(entry) | ({(at.series, at.number)} if at and at.number else set())


def year_end_vouchers(ledger: Ledger, entries: Iterable[ClosingEntry]) -> pl.Series:
    """Keys of the vouchers that year-end entries came back as, and that therefore are in *Årsavslut* alone.

    `ledger`: the import; `entries`: those `returned`. What a person moved to another day is not among them.
    """
    places = {place for each in returned(entries) if each.content.period == YEAR_END for place in places_of(each)}
    if not places or ledger.year is None:
        return ledger.vouchers["voucher"].clear()
    named = pl.DataFrame(sorted(places), schema={"series": pl.String, "number": pl.String}, orient="row")
    vouchers = ledger.vouchers.filter(pl.col("date") == ledger.year.end)
    return vouchers.join(named, on=["series", "number"], how="semi")["voucher"]


def in_year_end(ledger: Ledger, moves: pl.DataFrame, entries: Iterable[ClosingEntry]) -> tuple[Ledger, pl.DataFrame]:
    """The books without the rows of year-end entries that came back, and `moves` with them in *Årsavslut*.

    `ledger`: the import alone; `moves`: `effect.movements` of the entries that count; `entries`: those `returned`. What
    a person moved to another day is in the period of that day. The two together hold the same amounts as before.
    """
    vouchers = year_end_vouchers(ledger, entries)
    if vouchers.is_empty():
        return ledger, moves
    own = pl.col("voucher").is_in(vouchers.implode())
    booked = ledger.rows.filter(own, pl.col("kind") == "booked", pl.col("amount").is_not_null()).select(
        pl.col("account").fill_null(""), period=pl.lit(YEAR_END), amount=wide()
    )
    summed = pl.concat([moves.with_columns(amount=wide()), booked]).group_by("account", "period").agg(wide().sum())
    return (
        replace(ledger, rows=ledger.rows.filter(~own)),
        fitted(summed, "amount").sort("account", "period").select(*MOVEMENTS),
    )
