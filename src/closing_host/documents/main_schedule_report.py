"""Main schedules (*huvudbilagor*) as documents: account groups, their accounts and all that sums into these (P 2.3)."""

from collections.abc import Iterator, Sequence

import polars as pl

from closing_host.closing.main_schedules import Behind, MainSchedule, SubSchedule
from closing_host.documents.period_imprint import PeriodImprint
from closing_host.documents.reconciliation_words import (
    figures,
    group_words,
    remarks,
    signed_words,
    standing_words,
    summed_figures,
)
from closing_host.documents.report import Column, Line, Points, Report, Section, Table
from closing_host.locale import Words


def main_schedule_report(words: Words, schedule: MainSchedule, imprint: PeriodImprint) -> Report:
    """One group: its accounts with sums, the schedules behind each, and the attached files."""
    sections: list[Section] = [_accounts(words, schedule)]
    if any(behind.schedules for _, behind in schedule.accounts):
        sections.append(_schedules(words, schedule))
    if files := [f"{line.account}: {name}" for line, behind in schedule.accounts for name in behind.files]:
        sections.append(Points(words.text("Attached files"), tuple(files)))
    return imprint.report(words, main_schedule_kind(words, schedule), tuple(sections))


def main_schedule_tables(
    words: Words, schedules: Sequence[MainSchedule], imprint: PeriodImprint
) -> dict[str, pl.DataFrame]:
    """A table for each sheet, by its name: accounts by group, sub-schedules, files, and what they are made from."""
    group, account, file = words.texts("Account group", "Account", "Attached file")
    files = [
        (group_words(words, each.group), line.account, name)
        for each in schedules
        for line, behind in each.accounts
        for name in behind.files
    ]
    return {
        words.text("Accounts"): _accounts_frame(words, schedules),
        words.text("Attachments"): _schedules_frame(words, schedules),
        words.text("Attached files"): pl.DataFrame(
            files, schema=dict.fromkeys((group, account, file), pl.String), orient="row"
        ),
        words.text("About the report"): imprint.about(words, words.text("Main schedules")),
    }


def main_schedule_kind(words: Words, schedule: MainSchedule) -> str:
    """*Huvudbilaga 19 Kassa och bank*."""
    return words.text("Main schedule {group}", group=group_words(words, schedule.group))


def _accounts(words: Words, schedule: MainSchedule) -> Table:
    account, name = words.texts("Account", "Name")
    amounts = words.texts(
        "Opening balance", "Change", "Closing balance", "Reconciled amount", "Reconciliation difference"
    )
    texts = words.texts("Status", "Signed off")
    columns = (
        Column(account),
        Column(name, share=3),
        *(Column(each, right=True) for each in amounts),
        *(Column(each, share=2) for each in texts),
    )
    sums = schedule.sums
    total = summed_figures(sums)
    lines = [*_account_lines(words, schedule)]
    lines.append(Line("sum", ("", words.text("Sum"), *(words.amount(each) for each in total), "", "")))
    if sums.unreconciled:
        said = words.text("of which not reconciled")
        lines.append(Line("row", ("", said, "", "", words.amount(sums.unreconciled), "", "", "", "")))
    lead = words.text("{done} of {total} accounts are done.", done=schedule.done, total=len(schedule.accounts))
    return Table(words.text("Accounts"), columns, tuple(lines), lead=lead)


def _account_lines(words: Words, schedule: MainSchedule) -> Iterator[Line]:
    for line, _ in schedule.accounts:
        amounts = (words.amount(each) for each in figures(line))
        yield Line("row", (line.account, line.name, *amounts, standing_words(words, line), signed_words(words, line)))
        if said := remarks(words, line):
            yield Line("note", (said,))


def _schedules(words: Words, schedule: MainSchedule) -> Table:
    account, title, amount = words.texts("Account", "Attachment", "In the ledger's sign")
    lines = []
    for line, behind in schedule.accounts:
        lines += [Line("row", (line.account, each.title, words.amount(each.amount))) for each in behind.schedules]
        if len(behind.schedules) > 1:
            lines.append(Line("sum", ("", words.text("Sum"), words.amount(_total(behind)))))
    columns = (Column(account), Column(title, share=1), Column(amount, right=True))
    return Table(words.text("Attachments that sum into it"), columns, tuple(lines))


def _accounts_frame(words: Words, schedules: Sequence[MainSchedule]) -> pl.DataFrame:
    texts = words.texts("Account group", "Account", "Name")
    amounts = words.texts(
        "Opening balance", "Change", "Closing balance", "Reconciled amount", "Reconciliation difference"
    )
    after = words.texts("Status", "Signed off", "Comment")
    schema = {
        **dict.fromkeys(texts, pl.String),
        **dict.fromkeys(amounts, pl.Int64),
        **dict.fromkeys(after, pl.String),
    }
    rows = [
        (
            group_words(words, each.group),
            line.account,
            line.name,
            *figures(line),
            standing_words(words, line),
            signed_words(words, line),
            line.record.comment,
        )
        for each in schedules
        for line, _ in each.accounts
    ]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _schedules_frame(words: Words, schedules: Sequence[MainSchedule]) -> pl.DataFrame:
    group, account, title, amount = words.texts("Account group", "Account", "Attachment", "In the ledger's sign")
    rows = [
        (group_words(words, each.group), line.account, sub.title, sub.amount)
        for each in schedules
        for line, behind in each.accounts
        for sub in behind.schedules
    ]
    schema = {group: pl.String, account: pl.String, title: pl.String, amount: pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _total(behind: Behind) -> int:
    return sum(_amount(each) for each in behind.schedules)


def _amount(each: SubSchedule) -> int:
    return each.amount or 0
