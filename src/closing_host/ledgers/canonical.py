"""The canonical form of a ledger and its fingerprint: equal exactly for equal books.

Content is what the books say: company, years, currency, chart, dimensions, objects, balances, vouchers with their
rows. Not content: provenance, line numbers and findings. They tell how a file was laid out and read, and the same
books in another layout have the same fingerprint (what a finding reports as unreadable is a null in the data, which
is content).

Every table is a collection of records without order, and repeated records count each time. So vouchers may stand in
any order: a voucher is identified by its key, not by its place (a source without numbers gives vouchers that differ
by content alone). Rows keep their order *within* the voucher, because it carries meaning there: an added row is
followed by its booked twin (SIE 1.6). SRU codes keep theirs; the pairs of an object list have none.

The bytes are defined here and in `serial`, not by a library: each record is written by `serial`, hashed by SHA-256,
a table's digests are sorted and hashed together behind its name and count. A change of this form needs a new `FORM`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import astuple
from typing import Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.ledgers.objects import with_objects_text
from closing_host.ledgers.serial import day, number, plain, quantity, text, texts

FORM: Final = "closing-host ledger 1"

_RECORDS_AT_ONCE: Final = 50_000
"""Bounds the memory for the written form of rows, whatever the ledger's size."""


def fingerprint(ledger: Ledger) -> str:
    """SHA-256 of the canonical form as 64 hexadecimal digits. The same for every version of the libraries used."""
    whole = hashlib.sha256(FORM.encode() + b"\n")
    _add(whole, "ledger", iter([_header(ledger).encode()]))
    account = (text("account"), text("name"), text("type"), text("unit"), texts("sru"))
    _add(whole, "accounts", _records(ledger.accounts, *account))
    _add(whole, "dimensions", _records(ledger.dimensions, number("dimension"), text("name"), number("parent")))
    _add(whole, "objects", _records(ledger.objects, number("dimension"), text("object"), text("name")))
    _add(whole, "balances", _balances(ledger))
    _add(whole, "vouchers", _vouchers(ledger))
    return whole.hexdigest()


def short_fingerprint(fingerprint: str) -> str:
    """The first twelve digits in groups of four, for people: `3f2a-91c0-77de`."""
    return "-".join(fingerprint[place : place + 4] for place in (0, 4, 8))


def _add(whole: "hashlib._Hash", table: str, records: Iterator[bytes]) -> None:
    digests = sorted(hashlib.sha256(record).digest() for record in records)
    whole.update(f"{plain(table)}{plain(len(digests))}".encode())
    whole.update(hashlib.sha256(b"".join(digests)).digest())


def _records(frame: pl.DataFrame, *fields: pl.Expr) -> Iterator[bytes]:
    yield from frame.select(pl.concat_str(fields).cast(pl.Binary)).to_series()


def _header(ledger: Ledger) -> str:
    company = ledger.company
    address = company.address
    values: list[str | int | None] = [
        *(company.name, company.organisation_number, company.form, company.industry_code),
        *astuple(address),
        *(company.source_id, company.acquisition_number, company.activity_number),
        *(ledger.currency, ledger.chart_type, ledger.tax_year),
        ledger.covered_until.isoformat() if ledger.covered_until else None,
        ledger.note,
        len(ledger.years),
    ]
    for year in sorted(ledger.years, key=lambda each: (each.index, each.start, each.end, each.id)):
        values += [year.index, year.start.isoformat(), year.end.isoformat(), year.id]
    return "".join(plain(value) for value in values)


def _balances(ledger: Ledger) -> Iterator[bytes]:
    fields = (text("kind"), number("year"), number("period"), text("account"), text("objects"), number("amount"))
    for part in ledger.balances.iter_slices(_RECORDS_AT_ONCE):
        yield from _records(with_objects_text(part), *fields, quantity("quantity"))


def _vouchers(ledger: Ledger) -> Iterator[bytes]:
    """Each voucher's fields, the number of its rows, and theirs."""
    vouchers = ledger.vouchers.sort("voucher")
    rows = _in_order(ledger.rows)
    fields = (text("series"), text("number"), day("date"), text("text"), day("registered_on"), text("signature"))
    for part in vouchers.iter_slices(_RECORDS_AT_ONCE):
        first = rows["voucher"].search_sorted(part["voucher"][0], side="left")
        behind = rows["voucher"].search_sorted(part["voucher"][-1], side="right")
        whole = part.join(
            _rows_as_text(rows.slice(first, behind - first)), on="voucher", how="left", maintain_order="left"
        )
        yield from _records(whole, *fields, number(pl.col("count").fill_null(0)), pl.col("rows").fill_null(""))


def _rows_as_text(rows: pl.DataFrame) -> pl.DataFrame:
    record = pl.concat_str(
        text("kind"),
        text("account"),
        number("amount"),
        text("objects"),
        day("date"),
        text("text"),
        quantity("quantity"),
        text("signature"),
    )
    written = with_objects_text(rows).select("voucher", rows=record)
    return written.group_by("voucher", maintain_order=True).agg(pl.len().alias("count"), pl.col("rows").str.join(""))


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """By voucher and row. Rows stand so already unless a bulk source mixed them: then they are sorted."""
    place = pl.col("voucher").cast(pl.Int64) * 2**32 + pl.col("row").cast(pl.Int64)
    in_order = bool(rows.select((place.diff() >= 0).all()).item())
    return rows if in_order else rows.sort("voucher", "row", maintain_order=True)
