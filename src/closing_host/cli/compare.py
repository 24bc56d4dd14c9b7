"""`closing compare`: exactly what differs between two ledgers."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    import polars as pl

    from closing_host.api.ledger import Ledger
    from closing_host.ledgers.comparison import Comparison
    from closing_host.ledgers.not_compared import NotCompared

EQUAL: Final = 0
DIFFERENT: Final = 1

SHOWN_ROWS: Final = 100

MONEY: Final = frozenset({"a", "b", "difference", "amount"})


def compare(
    a: str,
    b: str | None = None,
    /,
    *,
    live: Annotated[str | None, Parameter(help="Compare with what this engagement's source states now.")] = None,
    csv: Annotated[Path | None, Parameter(help="Write the differences as CSV files into this new folder.")] = None,
    xlsx: Annotated[Path | None, Parameter(help="Write the differences as a workbook.")] = None,
    everything: Annotated[bool, Parameter(name="--all", negative="", help="Show every difference.")] = False,
) -> int:
    """Compare two ledgers: vouchers, rows, balances, accounts, to the öre. Exit code: 0 equal, 1 different.

    Parameters
    ----------
    a
        The old one: a SIE file, or ENGAGEMENT[/YEAR][@SNAPSHOT]; @previous is the import before the current one.
    b
        The new one, in the same ways; or --live. Reading live stores nothing.
    """
    from closing_host.api.errors import DataError
    from closing_host.ledgers.comparison import compare as compare_ledgers

    ledger_a, absent_a = _ledger(a)
    if (b is None) == (live is None):
        raise DataError("compare-with-what")
    ledger_b, absent_b = _ledger(b) if b is not None else _live(live or "", ledger_a)
    found = compare_ledgers(ledger_a, ledger_b, absent_in_a=absent_a, absent_in_b=absent_b)
    write(found, csv=csv, xlsx=xlsx)
    output.result(data_of(found), lambda: show_comparison(found, None if everything else SHOWN_ROWS))
    return EQUAL if found.equal else DIFFERENT


def _ledger(reference: str) -> tuple["Ledger", frozenset[str]]:
    """The ledger, and what its source cannot hold."""
    if Path(reference).is_file():
        from closing_host.sie import read

        with output.progress(Path(reference).name) as report:
            return read(reference, progress=lambda done, total: report("", done, total)), frozenset()
    from closing_host.engagements.books import open_books

    with house() as host:
        books = open_books(host, reference)
        source = host.sources.sources.get(books.snapshot.source_id)
        return books.ledger, source.info.cannot_hold if source else frozenset()


def _live(engagement: str, other: "Ledger") -> tuple["Ledger", frozenset[str]]:
    """What the engagement's source states now of the other ledger's year, and what the source cannot hold."""
    import asyncio

    from closing_host.engagements.importing import read_live
    from closing_host.engagements.register import find_engagement

    with house() as host, output.progress(engagement) as report:
        client = find_engagement(host, engagement)
        brought = asyncio.run(read_live(host, client.id, other.year, watch=report))
    return brought.ledger, brought.source.info.cannot_hold


def data_of(found: "Comparison") -> dict[str, Any]:
    """The comparison for JSON: amounts as text with two decimals."""
    data = found.as_records()
    for value in data.values():
        for record in value if isinstance(value, list) else ():
            for name in MONEY & set(record):
                if isinstance(record[name], int):
                    record[name] = Ore(record[name])
    return data


def show_comparison(found: "Comparison", limit: int | None) -> None:
    """The comparison for people: the count first, then what differs, then what was not compared."""
    words = session().words
    output.line(words.plural("{count} difference", "{count} differences", found.count), style="bold")
    labels = {
        "company": words.text("company and years"),
        "accounts": words.text("accounts"),
        "objects": words.text("objects"),
        "balances": words.text("balances"),
        "vouchers_new": words.text("new vouchers"),
        "vouchers_removed": words.text("removed vouchers"),
        "vouchers_changed": words.text("changed vouchers"),
    }
    if counted := [f"{labels[name]}: {count}" for name, count in found.counts.items() if count]:
        output.line(", ".join(counted))
    for name, frame in differing(found).items():
        shown = stated_columns(frame if limit is None else frame.head(limit))
        titles = [TITLES.get(column, column) for column in shown.columns]
        rows = [[_cell(column, value) for column, value in row.items()] for row in shown.iter_rows(named=True)]
        output.table(words.text(HEADINGS[name]), words.texts(*titles), rows)
        if frame.height > shown.height:
            more = frame.height - shown.height
            output.line(words.plural("{count} more: --all", "{count} more: --all", more))
    if found.not_compared:
        reasons = [_reason(each) for each in found.not_compared]
        output.table(words.text("Not compared"), words.texts("Reason"), [(each,) for each in reasons])


def differing(found: "Comparison") -> dict[str, "pl.DataFrame"]:
    """The frames that hold differences, without our own keys; of the totals those that differ."""
    import polars as pl

    from closing_host.ledgers.comparison import FRAMES

    frames = {name: getattr(found, name).drop("voucher_a", "voucher_b", strict=False) for name in FRAMES}
    frames["totals"] = frames["totals"].filter(pl.col("difference") != 0)
    return {name: frame for name, frame in frames.items() if frame.height}


def _reason(each: "NotCompared") -> str:
    """Why a field was not compared, with the field's name in words."""
    words = session().words
    return words.message(each.code, {**each.parameters, "field": words.message(each.field_code, {})})


def stated_columns(frame: "pl.DataFrame") -> "pl.DataFrame":
    """The columns in which something is said; quantities and objects are mostly not."""
    import polars as pl

    def silent(column: "pl.Series") -> bool:
        if column.dtype.is_decimal():
            return not bool((column.fill_null(0) != 0).any())
        return column.is_null().all() or (column.dtype == pl.String and bool((column.fill_null("") == "").all()))

    return frame.select(column.name for column in frame if not silent(column))


def write(found: "Comparison", *, csv: Path | None, xlsx: Path | None) -> None:
    """Write the differing frames, and what was not compared, as documents."""
    if csv is None and xlsx is None:
        return
    from datetime import UTC, datetime

    import polars as pl

    from closing_host.documents import write_csv, write_xlsx

    left_out = [(each.field, each.year, _reason(each)) for each in found.not_compared]
    schema = {"field": pl.String, "year": pl.Int16, "reason": pl.String}
    frames = {**differing(found), "not_compared": pl.DataFrame(left_out, schema=schema, orient="row")}
    if csv is not None:
        csv.mkdir(parents=True)
        for name, frame in frames.items():
            write_csv(frame, csv / f"{name}.csv")
    if xlsx is not None:
        write_xlsx(frames, xlsx, created=datetime.now(UTC))


HEADINGS: Final[Mapping[str, str]] = {
    "company": "Company and years",
    "accounts": "Accounts",
    "objects": "Dimensions and objects",
    "balances": "Balances",
    "vouchers": "Vouchers",
    "voucher_fields": "Changed fields of vouchers",
    "rows": "Changed rows of vouchers",
    "totals": "Sum of booked rows per account",
    "months": "What vouchers moved, by account and month",
}

TITLES: Final[Mapping[str, str]] = {
    "account": "Account",
    "change": "Changed",
    "field": "Field",
    "old": "Old",
    "new": "New",
    "dimension": "Dimension",
    "object": "Object",
    "kind": "Kind",
    "year": "Year",
    "period": "Period",
    "objects": "Objects",
    "a": "First",
    "b": "Second",
    "difference": "Difference",
    "quantity_a": "First quantity",
    "quantity_b": "Second quantity",
    "series": "Series",
    "number": "Number",
    "date": "Date",
    "text": "Text",
    "amount": "Amount",
    "quantity": "Quantity",
    "signature": "Signature",
    "count": "Count",
}


VALUES: Final[Mapping[str, str]] = {
    "change:new": "new",
    "change:removed": "removed",
    "change:changed": "changed",
    "kind:booked": "booked",
    "kind:added": "added",
    "kind:removed": "struck",
    "field:name": "name",
    "field:type": "account type",
    "field:unit": "unit",
    "field:sru": "SRU codes",
    "field:parent": "parent dimension",
    "field:date": "date",
    "field:text": "text",
    "field:registered_on": "registered on",
    "field:signature": "signature",
}
"""Column and value to words; values that are not here (a kind of balance, a field of the company) are shown as they
are."""


def _cell(column: str, value: object) -> object:
    if column in MONEY and isinstance(value, int):
        return Ore(value)
    if (english := VALUES.get(f"{column}:{value}")) is not None:
        return session().words.texts(english)[0]
    return value
