from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closing_host.api.errors import DataError
from closing_host.api.ledger import (
    SCHEMAS,
    TABLES,
    Company,
    FinancialYear,
    Finding,
    Ledger,
    LedgerBuilder,
    empty,
    findings_frame,
)
from closing_host.api.money import MAX_ORE

YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))
DAY = date(2025, 3, 10)


def builder() -> LedgerBuilder:
    return LedgerBuilder(Company(name="Bageriet"), [YEAR])


@pytest.fixture
def books() -> LedgerBuilder:
    return builder()


def test_a_builder_makes_every_table(books: LedgerBuilder) -> None:
    books.add_account("1930", "Bank", type="T", unit="st", sru=("7281", "7282"))
    books.add_account("9999", "Okänt")
    books.add_dimension(1, "Kostnadsställe")
    books.add_dimension(21, "Bageri", parent=1)
    books.add_object(1, "10", "Butik")
    books.add_balance("IB", "1930", 100, quantity=Decimal("2.5"))
    books.add_balance("PSALDO", "1930", -5, year=-1, period=202401, objects=[(1, "10")])
    key = books.add_voucher("A", "1", DAY, "Köp", registered_on=YEAR.end, signature="ÅS", line=7)
    books.add_row("1930", 100, objects=[(1, "10"), (6, "P1")], date=DAY, text="rad", quantity=Decimal(1), line=8)
    books.add_row("4010", -100, kind="added", signature="ÅS")
    books.add_voucher("", "", DAY)
    books.add_row("1930", 0)
    books.add_finding(Finding("sie-odd", "warning", 7, 3, "x" * 300, {"label": "VER"}))
    ledger = books.build()
    assert key == 0
    assert ledger.accounts.rows() == [("1930", "Bank", "T", "st", ["7281", "7282"]), ("9999", "Okänt", None, "", [])]
    assert ledger.dimensions.rows() == [(1, "Kostnadsställe", None), (21, "Bageri", 1)]
    assert ledger.objects.rows() == [(1, "10", "Butik")]
    assert ledger.balances.rows() == [
        ("IB", 0, None, "1930", [], 100, Decimal("2.5")),
        ("PSALDO", -1, 202401, "1930", [{"dimension": 1, "object": "10"}], -5, None),
    ]
    assert ledger.vouchers.rows() == [
        (0, "A", "1", DAY, "Köp", YEAR.end, "ÅS", 7),
        (1, "", "", DAY, "", None, "", None),
    ]
    assert ledger.rows.select("voucher", "row", "kind", "account", "amount").rows() == [
        (0, 0, "booked", "1930", 100),
        (0, 1, "added", "4010", -100),
        (1, 0, "booked", "1930", 0),
    ]
    assert ledger.findings.rows() == [("sie-odd", "warning", 7, 3, "x" * 200, [{"name": "label", "value": "VER"}])]
    assert (ledger.company.name, ledger.year, ledger.currency) == ("Bageriet", YEAR, "SEK")


def test_the_smallest_ledger_has_the_schemas(books: LedgerBuilder) -> None:
    ledger = books.build()
    assert {name: dict(frame.schema) for name, frame in ledger.tables.items()} == SCHEMAS
    assert tuple(ledger.tables) == TABLES
    assert all(frame.height == 0 for frame in ledger.tables.values())
    assert {name: empty(name).schema for name in TABLES} == {
        name: frame.schema for name, frame in ledger.tables.items()
    }


def _voucher(books: LedgerBuilder) -> Any:
    books.add_voucher("A", "1", DAY)
    return books


WRONG: list[tuple[str, Callable[[Any], object], type[Exception]]] = [
    ("accounts.account", lambda b: b.add_account(1930, "Bank"), TypeError),
    ("accounts.name", lambda b: b.add_account("1930", None), TypeError),
    ("accounts.sru", lambda b: b.add_account("1930", "Bank", sru="7281"), TypeError),
    ("accounts.sru", lambda b: b.add_account("1930", "Bank", sru=[7281]), TypeError),
    ("dimensions.dimension", lambda b: b.add_dimension("1", "Kst"), TypeError),
    ("dimensions.parent", lambda b: b.add_dimension(1, "Kst", parent=True), TypeError),
    ("objects.object", lambda b: b.add_object(1, 10, "Butik"), TypeError),
    ("balances.kind", lambda b: b.add_balance("KB", "1930", 1), ValueError),
    ("balances.amount", lambda b: b.add_balance("IB", "1930", 1.0), TypeError),
    ("balances.amount", lambda b: b.add_balance("IB", "1930", Decimal(1)), TypeError),
    ("balances.amount", lambda b: b.add_balance("IB", "1930", None), TypeError),
    ("balances.amount", lambda b: b.add_balance("IB", "1930", MAX_ORE + 1), ValueError),
    ("period", lambda b: b.add_balance("IB", "1930", 1, period=202501), ValueError),
    ("period", lambda b: b.add_balance("PSALDO", "1930", 1), ValueError),
    ("vouchers.number", lambda b: b.add_voucher("A", 1, DAY), TypeError),
    ("vouchers.date", lambda b: b.add_voucher("A", "1", "2025-03-10"), TypeError),
    ("vouchers.date", lambda b: b.add_voucher("A", "1", datetime(2025, 3, 10, tzinfo=UTC)), TypeError),
    ("before add_voucher", lambda b: b.add_row("1930", 1), ValueError),
    ("rows.amount", lambda b: _voucher(b).add_row("1930", True), TypeError),
    ("rows.amount", lambda b: _voucher(b).add_row("1930", "1"), TypeError),
    ("rows.amount", lambda b: _voucher(b).add_row("1930", -MAX_ORE - 1), ValueError),
    ("rows.kind", lambda b: _voucher(b).add_row("1930", 1, kind="struck"), ValueError),
    ("rows.objects", lambda b: _voucher(b).add_row("1930", 1, objects=[("1", "10")]), TypeError),
    ("rows.objects", lambda b: _voucher(b).add_row("1930", 1, objects=[(1, 10)]), TypeError),
    ("rows.date", lambda b: _voucher(b).add_row("1930", 1, date=datetime(2025, 3, 10, tzinfo=UTC)), TypeError),
    ("rows.quantity", lambda b: _voucher(b).add_row("1930", 1, quantity=1.5), TypeError),
    ("rows.quantity", lambda b: _voucher(b).add_row("1930", 1, quantity=Decimal("0.1234567")), ValueError),
    ("rows.quantity", lambda b: _voucher(b).add_row("1930", 1, quantity=Decimal("1E32")), ValueError),
    ("rows.quantity", lambda b: _voucher(b).add_row("1930", 1, quantity=Decimal("NaN")), ValueError),
    ("rows.line", lambda b: _voucher(b).add_row("1930", 1, line=1.0), TypeError),
]


@pytest.mark.parametrize(("place", "call", "error"), WRONG)
def test_a_wrong_value_is_refused_by_the_call_that_states_it(
    place: str, call: Callable[[Any], object], error: type[Exception], books: LedgerBuilder
) -> None:
    with pytest.raises(error, match=place):
        call(books)


@settings(deadline=None)
@given(st.integers(-MAX_ORE, MAX_ORE), st.decimals(Decimal("-1e31"), Decimal("1e31"), places=6))
def test_amounts_and_quantities_are_kept_exactly(amount: int, quantity: Decimal) -> None:
    books = _voucher(builder())
    books.add_row("1930", amount, quantity=quantity)
    assert books.build().rows.select("amount", "quantity").row(0) == (amount, quantity)


def bulk(books: LedgerBuilder, **columns: object) -> Ledger:
    books.extend("vouchers", pl.DataFrame({"voucher": [0, 1], "date": [DAY, DAY]}))
    books.extend("rows", pl.DataFrame({"voucher": [0, 0, 1], "account": ["1930", "4010", "1930"], **columns}))
    return books.build()


def test_a_bulk_stream_states_what_it_states(books: LedgerBuilder) -> None:
    ledger = bulk(books, amount=[100, -100, 7], quantity=[Decimal("1.5"), None, None])
    assert ledger.vouchers.row(1) == (1, "", "", DAY, "", None, "", None)
    assert ledger.rows.rows() == [
        (0, 0, "booked", "1930", 100, [], None, "", Decimal("1.5"), "", None),
        (0, 1, "booked", "4010", -100, [], None, "", None, "", None),
        (1, 0, "booked", "1930", 7, [], None, "", None, "", None),
    ]


def test_bulk_streams_of_one_table_follow_each_other(books: LedgerBuilder) -> None:
    for account in ("1930", "1910"):
        books.extend("accounts", pl.DataFrame({"account": [account], "name": ["Bank"]}))
    assert books.build().accounts.rows() == [("1930", "Bank", None, "", []), ("1910", "Bank", None, "", [])]


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt64, pl.Int64])
def test_any_integer_is_an_amount(dtype: Any, books: LedgerBuilder) -> None:
    ledger = bulk(books, amount=pl.Series([1, 2, 3], dtype=dtype))
    assert ledger.rows["amount"].to_list() == [1, 2, 3]


@pytest.mark.parametrize(
    "amounts",
    [
        [12.5, 1.0, 1.0],
        [12.0, 1.0, 1.0],
        [Decimal("12.50"), Decimal(1), Decimal(1)],
        ["12", "1", "1"],
        [True, True, True],
    ],
    ids=["fraction", "float", "decimal", "text", "yes"],
)
def test_only_integers_are_amounts_in_bulk(amounts: list[object], books: LedgerBuilder) -> None:
    with pytest.raises(DataError) as caught:
        bulk(books, amount=amounts)
    assert caught.value.code == "column-unreadable"
    assert caught.value.parameters == {"table": "rows"}


@pytest.mark.parametrize("amount", [MAX_ORE + 1, -MAX_ORE - 1, 2**63 - 1, -(2**63)])
def test_an_amount_too_large_is_refused_in_bulk(amount: int, books: LedgerBuilder) -> None:
    with pytest.raises(DataError) as caught:
        bulk(books, amount=[1, amount, 1])
    assert (caught.value.code, caught.value.parameters) == ("amount-too-large", {"table": "rows", "record": "4010"})


@pytest.mark.parametrize(
    "quantities",
    [[1.5, 1.0, 1.0], [Decimal("0.1234567"), Decimal(1), Decimal(1)], [Decimal("1E33"), Decimal(1), Decimal(1)]],
    ids=["float", "seventh decimal", "too large"],
)
def test_a_quantity_that_would_be_rounded_is_refused_in_bulk(quantities: list[object], books: LedgerBuilder) -> None:
    with pytest.raises(DataError) as caught:
        bulk(books, quantity=quantities)
    assert caught.value.code == "column-unreadable"


def test_a_column_of_another_type_is_refused_in_bulk(books: LedgerBuilder) -> None:
    with pytest.raises(DataError) as caught:
        books.extend("vouchers", pl.DataFrame({"voucher": [0], "date": ["yesterday"]}))
    assert caught.value.code == "column-unreadable"
    assert caught.value.detail.startswith("date: ")


def test_a_stream_without_columns_adds_nothing(books: LedgerBuilder) -> None:
    books.extend("rows", pl.DataFrame())
    assert books.build().rows.height == 0


def test_an_unknown_column_is_refused_in_bulk(books: LedgerBuilder) -> None:
    with pytest.raises(DataError) as caught:
        books.extend("accounts", pl.DataFrame({"account": ["1930"], "vat": ["MP1"], "code": ["x"]}))
    assert (caught.value.code, caught.value.parameters["columns"]) == ("column-unknown", "code, vat")


def test_one_table_is_filled_in_one_way(books: LedgerBuilder) -> None:
    books.add_account("1930", "Bank")
    books.extend("accounts", pl.DataFrame({"account": ["1910"], "name": ["Kassa"]}))
    with pytest.raises(DataError) as caught:
        books.build()
    assert (caught.value.code, caught.value.parameters) == ("table-mixed", {"table": "accounts"})


@pytest.mark.parametrize("key", [7, None])
def test_a_row_must_belong_to_a_voucher(key: int | None, books: LedgerBuilder) -> None:
    books.extend("rows", pl.DataFrame({"voucher": [key, key], "account": ["1930", "4010"], "amount": [1, -1]}))
    with pytest.raises(DataError) as caught:
        books.build()
    assert caught.value.code == "row-without-voucher"
    assert caught.value.parameters == {"record": str(key), "count": 2}


@pytest.mark.parametrize("table", TABLES)
def test_a_ledger_refuses_frames_of_another_shape(table: str, books: LedgerBuilder) -> None:
    ledger = books.build()
    changed: Any = {table: ledger.tables[table].drop(next(iter(SCHEMAS[table])))}
    with pytest.raises(TypeError, match=table):
        replace(ledger, **changed)


def test_more_findings_go_to_the_end(books: LedgerBuilder) -> None:
    books.add_finding(Finding("first", "info"))
    ledger = books.build()
    more = ledger.with_findings([Finding("second", "error", parameters={"count": 2})])
    assert more.findings["code"].to_list() == ["first", "second"]
    assert ledger.findings["code"].to_list() == ["first"]
    assert findings_frame([]).equals(empty("findings"))


def test_a_ledger_without_this_year_says_so() -> None:
    before = replace(YEAR, index=-1)
    assert LedgerBuilder(Company(), [before]).build().year is None
    assert LedgerBuilder(Company(), [before, YEAR]).build().year == YEAR
