"""How *Balansavstämning* is shown: a line for each account, what moved since it was done, and how far the period is."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from closing_host.cli import output
from closing_host.cli.output import Ore
from closing_host.cli.session import session
from closing_host.documents.reconciliation_words import moved_words, review_words, standing_words

if TYPE_CHECKING:
    from closing_host.closing.periods import Period
    from closing_host.engagements.reconciling import AccountLine, Sheet


def period_name(period: "Period") -> str:
    """*Årsavslut*, or the month of its last day."""
    return session().words.text("Year end") if period.is_year_end else period.key


def state_name(state: str) -> str:
    """*Ej påbörjad*, *Påbörjad*, *Pausad*, *Låst*."""
    return session().words.message(f"report-period-{state}", {})


def show_sheet(sheet: "Sheet", lines: "Sequence[AccountLine]") -> None:
    """The period with `lines` of its accounts."""
    words = session().words
    period = sheet.period.period
    title = words.text("Balance sheet reconciliation {period}", period=period_name(period))
    output.line(f"{title}: {period.start} – {period.end}. {state_name(sheet.period.state)}", style="bold")
    if sheet.period.lock is not None:
        said = words.text("The figures are those of when it was locked.")
        output.line(said + (f" {sheet.period.lock.reason}" if sheet.period.lock.reason else ""))
    show_lines(lines)
    output.line(words.text("{done} of {total} accounts are done.", done=sheet.done, total=sheet.total))


def show_lines(lines: "Sequence[AccountLine]") -> None:
    """A table of accounts, and below it what was signed off and is otherwise now."""
    words = session().words
    titles = words.texts("Account", "Name", "Opening", "Change", "Closing", "Reconciled amount")
    titles += words.texts("Reconciliation difference", "Attachments", "Status", "Quality review", "Comment")
    rows = [
        (
            each.account,
            each.name,
            Ore(each.opening),
            Ore(each.change),
            Ore(each.closing),
            _amount(each.figures.reconciled),
            _amount(each.difference),
            each.attachments + each.files or "",
            standing_words(words, each),
            review_words(words, each) if each.review != "not-reviewed" else "",
            each.record.comment,
        )
        for each in lines
    ]
    if rows:
        output.table("", titles, rows)
    for each in lines:
        if each.moved:
            output.line(f"{each.account}: {moved_words(words, each)}", style="yellow")


def sheet_data(sheet: "Sheet", lines: "Sequence[AccountLine]") -> dict[str, Any]:
    """The same for programs."""
    period = sheet.period.period
    return {
        "year": sheet.snapshot.year_start,
        "period": period.key,
        "start": period.start,
        "end": period.end,
        "state": sheet.period.state,
        "frozen": sheet.frozen,
        "done": sheet.done,
        "total": sheet.total,
        "accounts": [line_data(each) for each in lines],
    }


def line_data(line: "AccountLine") -> dict[str, Any]:
    """One account for programs."""
    signed, record = line.record.signed, line.record
    return {
        "account": line.account,
        "name": line.name,
        "opening": Ore(line.opening),
        "change": Ore(line.change),
        "entries": Ore(line.entries),
        "closing": Ore(line.closing),
        "reconciled": _amount(line.figures.reconciled),
        "attached": line.figures.attached,
        "difference": _amount(line.difference),
        "attachments": line.attachments,
        "files": line.files,
        "status": str(line.standing),
        "wants_comment": line.wants_comment,
        "comment": record.comment,
        "done_by": None if signed is None else signed.by,
        "done_at": None if signed is None else signed.at,
        "fingerprint": None if signed is None else signed.fingerprint,
        "moved": [
            {"figure": each.figure, "before": _amount(each.before), "after": _amount(each.after)} for each in line.moved
        ],
        "review": str(line.review),
        "review_comment": record.review_comment if line.review != "not-reviewed" else "",
        "reviewed_by": record.reviewed_by if line.review != "not-reviewed" else "",
        "version": line.version,
    }


def _amount(ore: int | None) -> Ore | None:
    return None if ore is None else Ore(ore)
