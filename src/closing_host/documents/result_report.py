"""*Resultatanalys* of a period as a document: an income statement with its accounts, beside last year (P 7.2)."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from closing_host.closing.income_statement import AMOUNTS, as_statement, variance
from closing_host.documents.period_imprint import PeriodImprint
from closing_host.documents.report import Column, Line, Report, Table
from closing_host.documents.result_tables import group_words
from closing_host.locale import Words


def result_report(words: Words, accounts: pl.DataFrame, groups: pl.DataFrame, imprint: PeriodImprint) -> Report:
    """`accounts`, `groups`: as `ResultSheet.frame` and `.groups`, in the ledger's sign; profit is printed positive."""
    account, name = words.texts("Account", "Name")
    titles = words.texts("This period", "Same period last year", "Variance", "Accumulated", "Accumulated last year")
    columns = (Column(account), Column(name, share=1), *(Column(each, right=True) for each in titles))
    lines = tuple(_lines(words, as_statement(accounts), as_statement(groups)))
    lead = words.text("Revenue and profit are positive, costs negative.")
    return imprint.report(
        words, result_kind(words), (Table(words.text("Income statement"), columns, lines, lead=lead),)
    )


def result_kind(words: Words) -> str:
    """*Resultatanalys*."""
    return words.text("Income statement analysis")


def _lines(words: Words, accounts: pl.DataFrame, groups: pl.DataFrame) -> Iterator[Line]:
    by_group: dict[str, list[dict[str, Any]]] = {}
    for row in accounts.iter_rows(named=True):
        by_group.setdefault(row["group"], []).append(row)
    for sums in groups.iter_rows(named=True):
        title = group_words(words, sums["line"])
        own = by_group.get(sums["line"], [])
        if sums["kind"] != "total" and not own:
            continue
        if own:
            yield Line("group", (title,))
            title = words.text("Sum")
        for row in own:
            yield Line("row", (row["account"], row["name"], *_amounts(words, row)))
        yield Line("sum", ("", title, *_amounts(words, sums)))


def _amounts(words: Words, row: Mapping[str, Any]) -> Iterator[str]:
    change, closing, before, before_closing = (row[each] for each in AMOUNTS)
    for amount in (change, before, variance(change, before), closing, before_closing):
        yield words.amount(amount)
