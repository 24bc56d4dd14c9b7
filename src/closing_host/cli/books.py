"""`closing balances`, `ledger` and `vouchers`: reading the books of an engagement or of a file."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    import polars as pl

    from closing_host.api.ledger import Ledger
    from closing_host.closing.entries import ClosingEntry

SHOWN_VOUCHERS: Final = 50

Alone = Annotated[bool, Parameter(negative="", help="The imported books alone, without closing entries.")]


def balances(
    books: str,
    /,
    *,
    by: Literal["year", "month"] = "year",
    zero: Annotated[bool, Parameter(negative="", help="Also accounts where everything is zero.")] = False,
    without_entries: Alone = False,
) -> None:
    """Show the trial balance: opening, change and closing balance of each account.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT] or a SIE file.
    by
        By year, or one column for the change of each month.
    """
    import polars as pl

    from closing_host.ledgers.balances import trial_balance

    of, entries = _ledger(books, alone=without_entries)
    frame = trial_balance(of, by=by)
    if not zero:
        moving = (pl.col("opening") != 0) | (pl.col("change") != 0)
        frame = frame.filter(moving.any().over("account"))
    words = session().words
    data = [_balance(row) for row in frame.iter_rows(named=True)]

    def human() -> None:
        if by == "month":
            _by_month(frame)
            return
        rows = [(row["account"], row["name"], row["opening"], row["change"], row["closing"]) for row in data]
        sums = [Ore(frame[name].cast(pl.Int128).sum()) for name in ("opening", "change", "closing")]
        titles = words.texts("Account", "Name", "Opening", "Change", "Closing")
        output.table("", titles, [*rows, ("", words.text("Sum"), *sums)])

    output.result(data, human)
    _tell(entries)


def ledger(account: str, books: str, /, *, without_entries: Alone = False) -> None:
    """Show one account: its vouchers with running balance and counter accounts.

    Parameters
    ----------
    account
        Account number.
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT] or a SIE file.
    """
    import polars as pl

    from closing_host.api.errors import DataError
    from closing_host.ledgers.balances import account_ledger, trial_balance

    of, entries = _ledger(books, alone=without_entries)
    year = trial_balance(of, by="year").filter(pl.col("account") == account)
    if year.is_empty():
        raise DataError("account-unknown", account=account)
    words = session().words
    summed = year.select("account", "name", pl.col("opening").first(), pl.col("closing").last()).row(0, named=True)
    rows = list(account_ledger(of, account).iter_rows(named=True))

    def human() -> None:
        output.line(f"{summed['account']} {summed['name']}", style="bold")
        titles = words.texts("Voucher", "Date", "Text", "Amount", "Balance", "Counter accounts")
        shown: list[tuple[object, ...]] = [("", None, words.text("Opening balance"), "", Ore(summed["opening"]), "")]
        shown += [
            (
                f"{row['series']} {row['number']}".strip(),
                row["date"],
                row["row_text"] or row["text"],
                Ore(row["amount"]),
                Ore(row["balance"]),
                ", ".join(row["counter_accounts"]),
            )
            for row in rows
        ]
        output.table("", titles, shown)

    data = {
        "account": summed["account"],
        "name": summed["name"],
        "opening": Ore(summed["opening"]),
        "closing": Ore(summed["closing"]),
        "rows": [_row(row) for row in rows],
    }
    output.result(data, human)
    _tell(entries)


def vouchers(
    books: str,
    /,
    *,
    series: Annotated[str | None, Parameter(help="Only this voucher series.")] = None,
    number: Annotated[str | None, Parameter(help="Only this number.")] = None,
    account: Annotated[str | None, Parameter(help="Only vouchers with a booked row on this account.")] = None,
    everything: Annotated[bool, Parameter(name="--all", negative="", help="Show all of them.")] = False,
    without_entries: Alone = False,
) -> None:
    """Show vouchers with their rows and the history of corrections.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR][@SNAPSHOT] or a SIE file.
    """
    import polars as pl

    of, entries = _ledger(books, alone=without_entries)
    chosen = of.vouchers
    if series is not None:
        chosen = chosen.filter(pl.col("series") == series)
    if number is not None:
        chosen = chosen.filter(pl.col("number") == number)
    if account is not None:
        on = of.rows.filter((pl.col("account") == account) & (pl.col("kind") == "booked"))
        chosen = chosen.join(on, on="voucher", how="semi").sort("voucher")
    found = chosen.height
    if not everything and not session().json:
        chosen = chosen.head(SHOWN_VOUCHERS)
    words = session().words
    data = list(_with_rows(of, chosen))

    def human() -> None:
        kinds = dict(zip(("booked", "added", "removed"), ["", *words.texts("added", "struck")], strict=True))
        for each in data:
            head = f"{each['series']} {each['number']}".strip() or "–"
            output.line(f"{head}  {output.cell(each['date'])}  {each['text']}", style="bold")
            rows = [
                (row["account"], Ore(row["amount"] or 0), row["objects"], row["text"], kinds[row["kind"]])
                for row in each["rows"]
            ]
            output.table("", words.texts("Account", "Amount", "Objects", "Text", "History"), rows)
        if found > len(data):
            output.line(words.plural("{count} more: --all", "{count} more: --all", found - len(data)))

    output.result(data, human)
    _tell(entries)


def _ledger(books: str, *, alone: bool) -> "tuple[Ledger, tuple[ClosingEntry, ...]]":
    """The ledger of a SIE file when there is one of that name, else of an engagement; and the entries that are in it.

    `alone`: without closing entries.
    """
    if Path(books).is_file():
        from closing_host.sie import read

        with output.progress(Path(books).name) as report:
            return read(books, progress=lambda done, total: report("", done, total)), ()
    from closing_host.engagements.effective import open_effective

    with house() as host:
        opened = open_effective(host, books)
    return (opened.books.ledger, ()) if alone else (opened.ledger, opened.entries)


def _tell(entries: "Sequence[ClosingEntry]") -> None:
    """Say that closing entries are in the figures; with JSON beside the result, which a program reads alone."""
    if not entries:
        return
    labels = ", ".join(each.label for each in entries)
    said = session().words.text("With closing entries {entries}. The books alone: --without-entries.", entries=labels)
    if session().json:
        output.messages().print(said, style="dim", markup=False)
    else:
        output.line(said, style="dim")


def _by_month(frame: "pl.DataFrame") -> None:
    """One row per account, one column per month; what belongs to no month stands in a column of its own."""
    words = session().words
    months = list(dict.fromkeys(frame["period"].to_list()))
    rows = []
    for (account, name), part in frame.group_by(["account", "name"], maintain_order=True):
        changes = dict(zip(part["period"], part["change"], strict=True))
        months_of = [Ore(changes[each]) if each in changes else None for each in months]
        rows.append((account, name, Ore(part["opening"][0]), *months_of, Ore(part["closing"][-1])))
    spelled = [words.text("No month") if each is None else f"{each // 100}-{each % 100:02d}" for each in months]
    opening, closing = words.texts("Opening", "Closing")
    output.table("", [*words.texts("Account", "Name"), opening, *spelled, closing], rows)


def _balance(row: Mapping[str, Any]) -> dict[str, Any]:
    amounts = {name: Ore(row[name]) for name in ("opening", "change", "closing")}
    return {
        "account": row["account"],
        "name": row["name"],
        "period": row["period"],
        "start": row["start"],
        "end": row["end"],
        **amounts,
    }


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "series": row["series"],
        "number": row["number"],
        "date": row["date"],
        "text": row["text"],
        "row_text": row["row_text"],
        "objects": _objects(row["objects"]),
        "amount": Ore(row["amount"]),
        "balance": Ore(row["balance"]),
        "counter_accounts": row["counter_accounts"],
        "line": row["line"],
    }


def _with_rows(of: "Ledger", chosen: "pl.DataFrame") -> Iterator[dict[str, Any]]:
    """Each voucher with its rows, in source order."""
    rows = of.rows.join(chosen.select("voucher"), on="voucher", how="semi").sort("voucher", "row")
    by_voucher: dict[int, list[dict[str, Any]]] = {}
    for row in rows.iter_rows(named=True):
        by_voucher.setdefault(row["voucher"], []).append(
            {
                "account": row["account"],
                "amount": None if row["amount"] is None else Ore(row["amount"]),
                "objects": _objects(row["objects"]),
                "text": row["text"],
                "kind": row["kind"],
                "quantity": row["quantity"],
                "line": row["line"],
            }
        )
    for each in chosen.iter_rows(named=True):
        yield {
            "series": each["series"],
            "number": each["number"],
            "date": each["date"],
            "text": each["text"],
            "registered_on": each["registered_on"],
            "signature": each["signature"],
            "line": each["line"],
            "rows": by_voucher.get(each["voucher"], []),
        }


def _objects(objects: list[dict[str, Any]] | None) -> str:
    return " ".join(f"{each['dimension']}:{each['object']}" for each in objects or [])
