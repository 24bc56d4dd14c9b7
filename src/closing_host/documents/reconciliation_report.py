"""The reconciliation of a period (*Avstämningsrapport*) as a document and as tables: the specification of balance sheet
items with who signed off and how a difference was handled (BFL 6:8, BFNAR 2013:2 p. 2.15-2.16)."""

from collections.abc import Iterator, Sequence

import polars as pl

from closing_host.closing.main_schedules import MainSchedule, ReconciledLine, Sums, main_schedules, sums_of
from closing_host.closing.standing import Standing
from closing_host.documents.period_imprint import PeriodImprint
from closing_host.documents.reconciliation_words import (
    figure_titles,
    figures,
    group_words,
    moved_words,
    remarks,
    review_words,
    signed_words,
    standing_words,
    summed_figures,
)
from closing_host.documents.report import Column, Line, Report, Table
from closing_host.locale import Words

_WIDTH = 10
"""Columns of the document's table."""


def reconciliation_report(words: Words, lines: Sequence[ReconciledLine], imprint: PeriodImprint) -> Report:
    """All accounts by group with sums; comments stand below their account."""
    table = Table(
        words.text("Balance accounts"), _columns(words), tuple(_lines(words, lines)), lead=progress(words, lines)
    )
    return imprint.report(words, kind(words), (table,))


def reconciliation_tables(
    words: Words, lines: Sequence[ReconciledLine], imprint: PeriodImprint
) -> dict[str, pl.DataFrame]:
    """A table for each sheet, by its name: accounts by number, groups, and what the document says of itself."""
    return {
        words.text("Accounts"): reconciliation_frame(words, sorted(lines, key=lambda line: line.account)),
        words.text("Account groups"): _groups(words, lines),
        words.text("About the report"): imprint.about(words, kind(words)),
    }


def reconciliation_frame(words: Words, lines: Sequence[ReconciledLine]) -> pl.DataFrame:
    """A line for each account, in the order of `lines`; öre in the ledger's sign, null where nothing is reconciled."""
    amounts = figure_titles(words)
    texts = words.texts("Status", "Signed off", "Quality review", "Comment", "Comment of the review", "Changed since")
    account, name = words.texts("Account", "Name")
    schema = {
        account: pl.String,
        name: pl.String,
        **dict.fromkeys(amounts, pl.Int64),
        **dict.fromkeys(texts, pl.String),
    }
    rows = [
        (
            each.account,
            each.name,
            *figures(each),
            standing_words(words, each),
            signed_words(words, each),
            review_words(words, each),
            each.record.comment,
            each.record.review_comment if each.review != "not-reviewed" else "",
            moved_words(words, each),
        )
        for each in lines
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def kind(words: Words) -> str:
    """*Avstämningsrapport*."""
    return words.text("Reconciliation report")


def progress(words: Words, lines: Sequence[ReconciledLine]) -> str:
    """*38 av 52 konton klara.*"""
    done = sum(each.standing is Standing.DONE for each in lines)
    differing = sum(bool(each.figures.difference) for each in lines)
    said = words.text("{done} of {total} accounts are done.", done=done, total=len(lines))
    if differing:
        said += " " + words.plural("{count} has a difference.", "{count} have a difference.", differing)
    return said


def _columns(words: Words) -> tuple[Column, ...]:
    account, name = words.texts("Account", "Name")
    amounts = words.texts(
        "Opening balance", "Change", "Closing balance", "Reconciled amount", "Reconciliation difference"
    )
    texts = words.texts("Status", "Signed off", "Quality review")
    return (
        Column(account),
        Column(name, share=4),
        *(Column(each, right=True) for each in amounts),
        *(Column(each, share=2) for each in texts),
    )


def _lines(words: Words, lines: Sequence[ReconciledLine]) -> Iterator[Line]:
    for group in main_schedules(lines, {}):
        yield Line("group", (group_words(words, group.group),))
        for each, _ in group.accounts:
            yield Line("row", _cells(words, each))
            if said := remarks(words, each):
                yield Line("note", (said,))
        yield _sum(words, words.text("Sum"), group.sums)
    yield _sum(words, words.text("All accounts"), sums_of(lines))


def _cells(words: Words, each: ReconciledLine) -> tuple[str, ...]:
    amounts = (words.amount(amount) for amount in figures(each))
    said = (standing_words(words, each), signed_words(words, each), review_words(words, each))
    return (each.account, each.name, *amounts, *said)


def _sum(words: Words, label: str, sums: Sums) -> Line:
    amounts = summed_figures(sums)
    cells = ("", label, *(words.amount(each) for each in amounts))
    return Line("sum", (*cells, *[""] * (_WIDTH - len(cells))))


def _groups(words: Words, lines: Sequence[ReconciledLine]) -> pl.DataFrame:
    amounts = words.texts(
        "Opening balance", "Change", "Closing balance", "Reconciled amount", "Reconciliation difference"
    )
    group, unreconciled, accounts, done = words.texts("Account group", "Not reconciled", "Accounts", "Done")
    schema = {
        group: pl.String,
        **dict.fromkeys([*amounts, unreconciled], pl.Int64),
        accounts: pl.UInt32,
        done: pl.UInt32,
    }
    rows = [_group_row(words, each) for each in main_schedules(lines, {})]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _group_row(words: Words, each: MainSchedule) -> tuple[object, ...]:
    sums = each.sums
    amounts = (*summed_figures(sums), sums.unreconciled)
    return (group_words(words, each.group), *amounts, len(each.accounts), each.done)
