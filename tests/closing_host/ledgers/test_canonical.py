import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from closing_host.api.ledger import (
    Address,
    Company,
    FinancialYear,
    Finding,
    Ledger,
    LedgerBuilder,
    Provenance,
)
from closing_host.ledgers import canonical
from closing_host.ledgers.canonical import fingerprint, short_fingerprint

NewBuilder = Callable[..., LedgerBuilder]


def small(*, rows_reversed: bool = False, vouchers_reversed: bool = False) -> LedgerBuilder:
    """Something in every table and field."""
    company = Company(
        "Åkeri AB", "556677-8899", "AB", "49410", Address("Eva", "Storg. 1", "123 45 Ö", "08-1"), "77", "1", "2"
    )
    builder = LedgerBuilder(
        company,
        [
            FinancialYear(0, date(2024, 1, 1), date(2024, 12, 31), "5"),
            FinancialYear(-1, date(2022, 7, 1), date(2023, 12, 31)),
        ],
    )
    builder.add_account("1510", "Kundfordringar", type="T", unit="st", sru=["7251", "7252"])
    builder.add_account("3010", "")
    builder.add_dimension(1, "Kostnadsställe")
    builder.add_dimension(21, "Underdel", parent=1)
    builder.add_object(1, "N", "Norr")
    builder.add_balance("IB", "1510", 10**16, quantity=Decimal("1.25"))
    builder.add_balance("PSALDO", "1510", -5, year=-1, period=202307, objects=[(1, "N"), (6, "}x")])

    def first() -> None:
        builder.add_voucher("A", "1", date(2024, 2, 29), "Skottdag", registered_on=date(2024, 3, 1), signature="EK")
        rows: list[Callable[[], None]] = [
            lambda: builder.add_row("1510", 1, objects=[(1, "N")], date=date(2024, 2, 28), text="rad ä"),
            lambda: builder.add_row("3010", -1, quantity=Decimal("-0.5"), signature="EK"),
            lambda: builder.add_row("3010", -1, kind="removed"),
        ]
        for add in reversed(rows) if rows_reversed else rows:
            add()

    def second() -> None:
        builder.add_voucher("", "", date(2024, 12, 31))

    for voucher in (second, first) if vouchers_reversed else (first, second):
        voucher()
    return builder


def test_the_fingerprint_never_changes() -> None:
    """Stored snapshots carry it. If this fails the form has changed: give it a new `FORM` and keep the old one."""
    assert fingerprint(small().build()) == "0c6ff963f8d1c3f11e1ec53fba8e0760e567461af9454e40846fe9dbc3373e51"


def test_the_form_is_the_documented_one(new_builder: NewBuilder) -> None:
    builder = LedgerBuilder(Company("Å"), [FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31), "x")])
    builder.add_voucher("A", "", date(2025, 2, 3), "t")
    builder.add_row("1510", -5, objects=[(6, 'q"'), (1, "n")], quantity=Decimal("1.5"))
    header = "2:Å" + "0:" * 10 + "3:SEK" + "0:0:" + "~" + "0:" + "1;" + "0;10:2025-01-0110:2025-12-311:x"
    row = "6:booked" + "4:1510" + "-5;" + '13:1 "n" 6 "q\\""' + "~" + "0:" + "1500000;" + "0:"
    tables = {
        "ledger": [header],
        "accounts": [],
        "dimensions": [],
        "objects": [],
        "balances": [],
        "vouchers": ["1:A" + "0:" + "20250203;" + "1:t" + "~" + "0:" + "1;" + row],
    }
    whole = b"closing-host ledger 1\n"
    for name, records in tables.items():
        digests = b"".join(sorted(hashlib.sha256(record.encode()).digest() for record in records))
        whole += f"{len(name)}:{name}{len(records)};".encode() + hashlib.sha256(digests).digest()
    assert fingerprint(builder.build()) == hashlib.sha256(whole).hexdigest()


def test_provenance_lines_and_findings_are_not_content() -> None:
    builder = small()
    plain = fingerprint(builder.build())
    builder.provenance = Provenance(format="SIE 4E", sha256="ab", generated_on=date(2025, 1, 1))
    builder.add_finding(Finding("sie-odd", "warning", line=3))
    ledger = builder.build()
    moved = replace(
        ledger,
        vouchers=ledger.vouchers.with_columns(line=pl.lit(9, pl.UInt32)),
        rows=ledger.rows.with_columns(line=pl.lit(9, pl.UInt32)),
    )
    assert fingerprint(moved) == plain


def test_the_order_of_vouchers_is_not_content_but_that_of_rows_is() -> None:
    plain = fingerprint(small().build())
    assert fingerprint(small(vouchers_reversed=True).build()) == plain
    assert fingerprint(small(rows_reversed=True).build()) != plain


def test_the_order_of_the_pairs_in_an_object_list_is_not_content(new_builder: NewBuilder) -> None:
    def ledger(*objects: tuple[int, str]) -> Ledger:
        builder = new_builder()
        builder.add_voucher("A", "1", date(2025, 1, 1))
        builder.add_row("1510", 1, objects=objects)
        return builder.build()

    assert fingerprint(ledger((1, "a"), (6, "b"))) == fingerprint(ledger((6, "b"), (1, "a")))
    assert fingerprint(ledger((1, "a"), (6, "b"))) != fingerprint(ledger((1, "b"), (6, "a")))
    assert fingerprint(ledger((1, 'a" 6 "b'))) != fingerprint(ledger((1, "a"), (6, "b")))


def changed(table: str, **columns: pl.Expr) -> Callable[[Ledger], Ledger]:
    def change(ledger: Ledger) -> Ledger:
        frame = ledger.tables[table].with_columns(
            pl.when(pl.int_range(pl.len()) == 0).then(value).otherwise(name).alias(name)
            for name, value in columns.items()
        )
        return replace(ledger, **{table: frame})  # type: ignore[arg-type]

    return change


CHANGES: dict[str, Callable[[Ledger], Ledger]] = {
    "company name": lambda ledger: replace(ledger, company=replace(ledger.company, name="B")),
    "year's end": lambda ledger: replace(ledger, years=(replace(ledger.years[0], end=date(2025, 1, 1)),)),
    "year's id": lambda ledger: replace(ledger, years=(replace(ledger.years[0], id="6"), ledger.years[1])),
    "currency": lambda ledger: replace(ledger, currency="EUR"),
    "covered until": lambda ledger: replace(ledger, covered_until=date(2024, 12, 31)),
    "note": lambda ledger: replace(ledger, note="x"),
    "account": changed("accounts", account=pl.lit("1511")),
    "account name": changed("accounts", name=pl.lit("x")),
    "account type to none": changed("accounts", type=pl.lit(None, pl.String)),
    "sru": changed("accounts", sru=pl.lit(["72517252"])),
    "sru order": changed("accounts", sru=pl.lit(["7252", "7251"])),
    "an account less": lambda ledger: replace(ledger, accounts=ledger.accounts.head(1)),
    "an account twice": lambda ledger: replace(ledger, accounts=pl.concat([ledger.accounts] * 2)),
    "dimension's parent": changed("dimensions", parent=pl.lit(6, pl.Int32)),
    "object's name": changed("objects", name=pl.lit("x")),
    "balance's kind": changed("balances", kind=pl.lit("UB")),
    "balance's amount": changed("balances", amount=pl.lit(10**16 - 1)),
    "balance's quantity": changed("balances", quantity=pl.lit(None, pl.Decimal(38, 6))),
    "series and number": changed("vouchers", series=pl.lit("A1"), number=pl.lit("")),
    "voucher's date": changed("vouchers", date=pl.lit(None, pl.Date)),
    "registration date": changed("vouchers", registered_on=pl.lit(date(2024, 3, 2))),
    "row's amount": changed("rows", amount=pl.lit(None, pl.Int64)),
    "row's account": changed("rows", account=pl.lit("1511")),
    "row's kind": changed("rows", kind=pl.lit("added")),
    "row's date": changed("rows", date=pl.lit(None, pl.Date)),
    "row's text": changed("rows", text=pl.lit("rad a")),
    "row's signature": changed("rows", signature=pl.lit("x")),
    "row's smallest quantity": changed("rows", quantity=pl.lit(Decimal("0.000001"), pl.Decimal(38, 6))),
    "a row less": lambda ledger: replace(ledger, rows=ledger.rows.head(2)),
    "a row moved to another voucher": changed("rows", voucher=pl.lit(1, pl.UInt32)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_of_content_changes_the_fingerprint(what: str) -> None:
    ledger = small().build()
    assert fingerprint(CHANGES[what](ledger)) != fingerprint(ledger)


def test_absent_is_not_the_same_as_empty() -> None:
    ledger = small().build()
    assert fingerprint(changed("rows", text=pl.lit(None, pl.String))(ledger)) != fingerprint(
        changed("rows", text=pl.lit(""))(ledger)
    )


def test_pieces_give_the_same_as_the_whole(new_builder: NewBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = new_builder()
    for number in range(11):
        builder.add_voucher("A", str(number), date(2025, 1, 1))
        for amount in range(number % 3):
            builder.add_row("1510", amount)
        builder.add_balance("PSALDO", "1510", number, period=202501)
    whole = fingerprint(builder.build())
    monkeypatch.setattr(canonical, "_RECORDS_AT_ONCE", 3)
    assert fingerprint(builder.build()) == whole


def test_rows_that_a_bulk_source_mixed_are_taken_in_order() -> None:
    ledger = small().build()
    assert fingerprint(replace(ledger, rows=ledger.rows.reverse())) == fingerprint(ledger)


def test_the_short_form_is_for_people() -> None:
    assert short_fingerprint("3f2a91c077de" + "0" * 52) == "3f2a-91c0-77de"


def test_an_empty_ledger_has_a_fingerprint(new_builder: NewBuilder) -> None:
    assert len(fingerprint(new_builder(None, chart=False).build())) == 64
