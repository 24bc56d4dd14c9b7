"""Classes a, b and c: vouchers whose rows on the control accounts are not what the sub-ledger has (P 7.4.6)."""

from datetime import date
from typing import Final

import polars as pl

from closing_host.api.subledger import Side
from closing_host.closing.linking import Linked
from closing_host.ledgers.amounts import wide

_RELATED: Final[dict[Side, str]] = {"receivables": "15", "payables": "24"}
"""Account groups in which a document may stand beside the control account, such as 1513 for ROT/RUT (P 4.2)."""


def nobodys_rows(linked: Linked, vouchers: pl.DataFrame, as_at: date) -> pl.DataFrame:
    """Class a: each row on the control accounts in a voucher that nothing refers to and whose rows do not cancel."""
    nobodys = vouchers.filter(
        pl.col("subledger").is_null() & (pl.col("ledger") != 0) & (pl.col("date") <= as_at)
    ).select("voucher")
    return (
        linked.control.rows.join(nobodys, on="voucher", how="semi")
        .rename({"amount": "ledger"})
        .with_columns(pl.lit("a").alias("class"), subledger=pl.lit(0, pl.Int64))
    )


def booked_otherwise(
    linked: Linked, vouchers: pl.DataFrame, entries: pl.DataFrame, as_at: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Classes b and c: per voucher, what differs on the control accounts, and what of it stands on another account."""
    later = (
        entries.filter((pl.col("meets") == "voucher") & (pl.col("counts_on") > as_at))
        .group_by("voucher")
        .agg(later=wide().sum())
    )
    differing = (
        vouchers.filter(
            pl.col("subledger").is_not_null() & (pl.col("ledger") != pl.col("subledger")) & (pl.col("date") <= as_at)
        )
        .with_columns(missing=pl.col("subledger") - pl.col("ledger"))
        .join(later, on="voucher", how="left")
    )
    # What is counted later is explained as timing (class d) and stands on neither side here.
    later_part = pl.col("later").fill_null(0)
    found = differing.join(_elsewhere(linked, differing), on="voucher", how="left").with_columns(
        pl.col("elsewhere").fill_null(0),
        ledger=pl.col("ledger") - later_part,
        subledger=pl.col("subledger") - later_part,
    )
    other_account = found.filter(pl.col("elsewhere") != 0).with_columns(
        pl.lit("c").alias("class"), account="accounts", ledger=pl.lit(0), subledger="elsewhere"
    )
    other_amount = (
        found.with_columns(subledger=pl.col("subledger") - pl.col("elsewhere"))
        .filter(pl.col("ledger") != pl.col("subledger"))
        .with_columns(pl.lit("b").alias("class"))
    )
    return without_set_offs(other_amount), other_account


def without_set_offs(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` less those of settlements that cancel: same party and day, nothing on the control accounts.

    A credit note that is set off against its invoice moves no money, and its vouchers debit and credit the same
    account: there is nothing to explain.
    """
    candidate = pl.col("settles") & (pl.col("ledger") == 0) & (pl.col("party") != "")
    left = wide("subledger").filter(candidate).sum().over("party", "date")
    return rows.filter(~(candidate & (left == 0)))


def _elsewhere(linked: Linked, differing: pl.DataFrame) -> pl.DataFrame:
    """`voucher`, `elsewhere` (öre of `missing` that stand on other accounts) and `accounts`.

    Those are the accounts that the source names for the document and those of the control account's group. A voucher
    without any row on the control accounts is booked elsewhere as a whole.
    """
    stated = (
        differing.select("voucher", document="documents")
        .explode("document")
        .join(linked.documents.select("document", account="accounts"), on="document")
        .explode("account", empty_as_null=True)
        .select("voucher", "account", stated=pl.lit(True))
        .unique()
    )
    ledger = linked.control.ledger
    other = (
        ledger.rows.filter(
            (pl.col("kind") == "booked")
            & pl.col("amount").is_not_null()
            & ~pl.col("account").is_in(linked.control.accounts)
        )
        .select("voucher", "account", "amount")
        .join(differing.select("voucher", "missing", "on_control"), on="voucher")
        .join(stated, on=["voucher", "account"], how="left")
        .with_columns(same_side=pl.col("amount").sign() == pl.col("missing").sign())
        .with_columns(related=pl.col("stated").fill_null(False) | _is_related(linked.facts.side))
    )
    related = pl.col("amount").filter("related").cast(pl.Int128).sum()
    summed = other.group_by("voucher").agg(
        pl.col("missing").first(),
        pl.col("on_control").first(),
        related=related,
        related_accounts=pl.col("account").filter("related").unique().sort().str.join(", "),
        all_accounts=pl.col("account").filter("same_side").unique().sort().str.join(", "),
    )
    part = (pl.col("related") * pl.col("missing") > 0) & (pl.col("related").abs() <= pl.col("missing").abs())
    whole = ~pl.col("on_control")
    return summed.select(
        "voucher",
        elsewhere=pl.when(part).then("related").when(whole).then("missing").otherwise(pl.lit(0, pl.Int128)),
        accounts=pl.when(part).then("related_accounts").otherwise("all_accounts"),
    )


def _is_related(side: Side) -> pl.Expr:
    return pl.col("account").str.starts_with(_RELATED[side])
