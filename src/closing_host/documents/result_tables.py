"""*Resultatanalys* as tables, for XLSX and CSV: accounts and sums as an income statement has them, profit positive."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from closing_host.closing.income_statement import AMOUNTS, as_statement, percent
from closing_host.locale import Words

GROUPS: Final[Mapping[str, str]] = {
    "net-sales": "Net sales",
    "own-work": "Own work capitalised",
    "other-revenue": "Other operating income",
    "goods": "Goods and materials",
    "external": "Other external costs",
    "personnel": "Personnel costs",
    "depreciation": "Depreciation and write-downs",
    "other-costs": "Other operating costs",
    "operating-result": "Operating result",
    "financial": "Financial items",
    "after-financial": "Result after financial items",
    "appropriations": "Appropriations",
    "tax": "Tax",
    "result": "Result of the year",
    "booked-result": "Booked as the result of the year",
}

_PERCENT: Final = pl.Decimal(38, 1)


def group_words(words: Words, code: str) -> str:
    """*Nettoomsättning* …, by the code of a line of the income statement."""
    return words.text(GROUPS[code])


def accounts_frame(words: Words, frame: pl.DataFrame) -> pl.DataFrame:
    """A row for each account. `frame`: as `ResultSheet.frame`, in the ledger's sign; amounts are öre (Int64)."""
    said = {code: group_words(words, code) for code in GROUPS}
    group = pl.col("group").replace_strict(said, return_dtype=pl.String).alias(words.text("Group"))
    names = zip(("account", "name"), words.texts("Account", "Name"), strict=True)
    return _compared(words, frame, group, *(pl.col(column).alias(title) for column, title in names))


def statement_frame(words: Words, groups: pl.DataFrame) -> pl.DataFrame:
    """A row for each line of the income statement. `groups`: as `income_statement.statement` gives them."""
    said = {code: group_words(words, code) for code in GROUPS}
    line = pl.col("line").replace_strict(said, return_dtype=pl.String).alias(words.text("Income statement"))
    return _compared(words, groups, line)


def _compared(words: Words, frame: pl.DataFrame, *labels: pl.Expr) -> pl.DataFrame:
    """The labels, then for the period and for the year until its end: now, last year, what changed, in percent."""
    shown = as_statement(frame)
    titles = words.texts(
        "This period",
        "Same period last year",
        "Variance",
        "Variance %",
        "Accumulated",
        "Accumulated last year",
        "Accumulated variance",
        "Accumulated variance %",
    )
    columns: list[pl.Series] = []
    for now, before in (AMOUNTS[0], AMOUNTS[2]), (AMOUNTS[1], AMOUNTS[3]):
        pairs = list(zip(shown[now], shown[before], strict=True))
        shares = pl.Series([percent(*each) for each in pairs], dtype=_PERCENT)
        columns += [shown[now], shown[before], shown[now] - shown[before], shares]
    return shown.select(*labels).with_columns(each.alias(title) for each, title in zip(columns, titles, strict=True))
