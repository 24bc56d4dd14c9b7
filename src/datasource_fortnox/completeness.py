"""Whether a SIE file from Fortnox is all there: it comes without a length, so its end must speak for it (F 4.2)."""

import polars as pl

from closing_host.api.errors import DataError
from closing_host.api.ledger import Ledger


def require_whole(content: bytes) -> None:
    """Raise `DataError("fortnox-sie-cut-off")` when the last line or the last voucher has no end."""
    ended = content.rstrip(b" \t\x1a").endswith((b"\n", b"\r"))
    closed = b"\n#VER" not in content[content.rfind(b"\n}") + 1 :]
    if not (ended and closed):
        raise DataError("fortnox-sie-cut-off", size=len(content), line=content.count(b"\n") + (not ended))


def follows(ledger: Ledger) -> bool:
    """Whether every account's closing balance or result is its opening balance plus its rows.

    Balances stand before the vouchers, so a file that lost vouchers at its end breaks this.
    """
    balances = ledger.balances.filter((pl.col("year") == 0) & (pl.col("objects").list.len() == 0))
    stated = balances.filter(pl.col("kind").is_in(["UB", "RES"])).select("account", "amount")
    opening = balances.filter(pl.col("kind") == "IB").select("account", amount=-pl.col("amount"))
    booked = ledger.rows.filter(pl.col("kind") == "booked").select("account", amount=-pl.col("amount"))
    left = pl.concat([stated, opening, booked]).group_by("account").agg(pl.col("amount").sum())
    return bool((left["amount"] == 0).all())
