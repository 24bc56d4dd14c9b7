"""`closing results`: *Resultatanalys*, the result accounts of a period beside the same period last year."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.output import Ore
from closing_host.cli.reconcile_output import period_name, state_name
from closing_host.cli.session import session
from closing_host.cli.sheet_files import write_sheet
from closing_host.closing.income_statement import as_statement, percent, variance
from closing_host.documents.result_tables import accounts_frame, group_words, statement_frame

if TYPE_CHECKING:
    from closing_host.engagements.result_analysis import ResultSheet


def results(
    books: str,
    /,
    *,
    period: Annotated[str, Parameter(help="A period as `periods` lists it; by default the current one.")] = "",
    sums: Annotated[bool, Parameter(negative="", help="The lines of the income statement alone.")] = False,
    to: Annotated[
        Path | None, Parameter(name="--output", help="Write them to this new CSV or XLSX file instead.")
    ] = None,
) -> None:
    """Show the result accounts of a period beside last year's, as an income statement: revenue and profit are positive.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT].
    """
    from closing_host.engagements.effective import open_effective
    from closing_host.engagements.result_analysis import result_of

    with house() as host:
        sheet = result_of(host, open_effective(host, books), period)
    words = session().words
    if to is not None:
        lines, accounts = statement_frame(words, sheet.groups), accounts_frame(words, sheet.frame)
        tables = {words.text("Income statement"): lines} | ({} if sums else {words.text("Accounts"): accounts})
        write_sheet(to, tables, lines if sums else accounts)
        output.result({"file": to}, lambda: output.line(str(to)))
        return
    output.result(_data(sheet, sums=sums), lambda: _show(sheet, sums=sums))


def _show(sheet: "ResultSheet", *, sums: bool) -> None:
    words = session().words
    period = sheet.period.period
    title = words.text("Income statement analysis {period}", period=period_name(period))
    output.line(f"{title}: {period.start} – {period.end}. {state_name(sheet.period.state)}", style="bold")
    if sheet.last_year is None:
        output.line(words.text("Last year's books are not imported, so there is nothing to compare with."), style="dim")
    titles = words.texts("Account", "Name", "This period", "Same period last year", "Variance", "Variance %")
    titles += words.texts("Accumulated", "Accumulated last year")
    output.table("", titles, list(_rows(sheet, sums=sums)))


def _rows(sheet: "ResultSheet", *, sums: bool) -> Iterator[tuple[object, ...]]:
    """Accounts above the sum of their group, and totals; groups without accounts are left out."""
    words = session().words
    accounts: dict[str, list[dict[str, Any]]] = {}
    for row in as_statement(sheet.frame).iter_rows(named=True):
        accounts.setdefault(row["group"], []).append(row)
    for line in as_statement(sheet.groups).iter_rows(named=True):
        own = accounts.get(line["line"], [])
        if not own and line["kind"] != "total":
            continue
        if not sums:
            yield from ((row["account"], row["name"], *_amounts(row)) for row in own)
        yield ("", group_words(words, line["line"]), *_amounts(line))


def _amounts(row: Mapping[str, Any]) -> tuple[object, ...]:
    now, before = row["change"], row["before"]
    share = percent(now, before)
    said = "" if share is None else (str(share).replace(".", ",") if session().words.language == "sv" else str(share))
    return (
        _ore(now),
        _ore(before),
        _ore(variance(now, before)),
        said,
        _ore(row["closing"]),
        _ore(row["before_closing"]),
    )


def _data(sheet: "ResultSheet", *, sums: bool) -> dict[str, Any]:
    """For programs; without `accounts` when the sums alone are asked for."""
    period, last = sheet.period.period, sheet.last_year
    accounts = as_statement(sheet.frame).iter_rows(named=True)
    lines = as_statement(sheet.groups).iter_rows(named=True)
    told = [
        {"account": each["account"], "name": each["name"], "group": each["group"], **_figures(each)}
        for each in accounts
    ]
    return {
        "period": period.key,
        "start": period.start,
        "end": period.end,
        "state": sheet.period.state,
        "last_year": None if last is None else last.key,
        **({} if sums else {"accounts": told}),
        "lines": [{"line": each["line"], "kind": each["kind"], **_figures(each)} for each in lines],
    }


def _figures(row: Mapping[str, Any]) -> dict[str, Ore | None]:
    names = {"change": "amount", "closing": "accumulated", "before": "before", "before_closing": "before_accumulated"}
    return {name: _ore(row[column]) for column, name in names.items()}


def _ore(amount: int | None) -> Ore | None:
    return None if amount is None else Ore(amount)
