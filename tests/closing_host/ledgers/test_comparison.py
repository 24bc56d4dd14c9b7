import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from closing_host.api.errors import DataError
from closing_host.api.ledger import (
    FINANCIAL_DATA,
    Address,
    Company,
    FinancialYear,
    Ledger,
    LedgerBuilder,
    RowKind,
)
from closing_host.ledgers.comparison import FRAMES, Comparison, compare
from closing_host.ledgers.not_compared import NotCompared
from closing_host.locale import english_by_code

NewBuilder = Callable[..., LedgerBuilder]
DAY = date(2025, 3, 1)


def voucher(
    builder: LedgerBuilder, series: str, number: str, *amounts: int, day: date = DAY, text: str = "Köp", **options: Any
) -> None:
    builder.add_voucher(series, number, day, text, **options)
    for amount in amounts:
        builder.add_row("1510", amount)


def kept(ledger: Ledger, table: str, condition: pl.Expr) -> Ledger:
    return replace(ledger, **{table: ledger.tables[table].filter(condition)})  # type: ignore[arg-type]


def counted(comparison: Comparison) -> dict[str, int]:
    return {name: count for name, count in comparison.counts.items() if count}


@pytest.fixture
def whole(new_builder: NewBuilder) -> LedgerBuilder:
    """States something in every column that a ledger may leave out."""
    builder = new_builder(company=Company("Exempel AB", "556677-8899", "AB", "62010", Address("Eva"), "C:\\exempel"))
    builder.add_account("5010", "Hyra", type="K", unit="kvm", sru=["7513", "7514"])
    builder.add_dimension(1, "Kostnadsställe")
    builder.add_object(1, "N", "Norr")
    builder.add_balance("IB", "1510", 100, quantity=Decimal(2))
    builder.add_balance("UB", "1510", 100)
    builder.add_balance("UB", "1510", 90, year=-1)
    builder.add_balance("PSALDO", "1510", 5, period=202501, objects=[(1, "N")])
    builder.add_voucher("A", "1", DAY, "Köp", registered_on=date(2025, 3, 2), signature="EK")
    builder.add_row("1510", 5, objects=[(1, "N")], text="rad", quantity=Decimal("1.5"), signature="EK")
    builder.add_row("1510", -5, date=date(2025, 2, 28))
    return builder


class TestVouchers:
    def test_new_removed_and_changed_are_told_by_key(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        voucher(a, "A", "1", 5, -5)
        voucher(a, "A", "2", 6, -6)
        voucher(a, "B", "1", 7, -7)
        voucher(b, "B", "1", 7, -7)
        voucher(b, "A", "10", 8, -8)
        voucher(b, "A", "9", 9, -9)
        voucher(b, "A", "2", 6, -6, text="Annat köp", day=date(2025, 3, 2))
        comparison = compare(a.build(), b.build())
        shown = comparison.vouchers.select("change", "series", "number", "text", "voucher_a", "voucher_b").rows()
        assert shown == [
            ("new", "A", "9", "Köp", None, 2),
            ("new", "A", "10", "Köp", None, 1),
            ("removed", "A", "1", "Köp", 0, None),
            ("changed", "A", "2", "Annat köp", 1, 3),
        ]
        assert comparison.voucher_fields.select("number", "field", "old", "new").rows() == [
            ("2", "date", "2025-03-01", "2025-03-02"),
            ("2", "text", "Köp", "Annat köp"),
        ]
        assert counted(comparison) == {"vouchers_new": 2, "vouchers_removed": 1, "vouchers_changed": 1}

    def test_rows_are_compared_without_order_and_counted(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        voucher(a, "A", "1", 5, 5, 5, -15)
        voucher(b, "A", "1", -15, 5, 10)
        rows = compare(a.build(), b.build()).rows
        assert rows.select("change", "amount", "count").rows() == [("new", 10, 1), ("removed", 5, 2)]

    @pytest.mark.parametrize(
        "other",
        [
            {"account": "1930"},
            {"objects": [(1, "S")]},
            {"text": "annat"},
            {"quantity": Decimal("1.500001")},
            {"signature": "AB"},
            {"date": date(2025, 2, 28)},
            {"kind": "removed"},
        ],
        ids=str,
    )
    def test_every_field_of_a_row_counts(self, new_builder: NewBuilder, other: dict[str, Any]) -> None:
        row: dict[str, Any] = {
            "objects": [(1, "N")],
            "text": "rad",
            "quantity": Decimal("1.5"),
            "signature": "EK",
        }
        a, b = new_builder(), new_builder()
        for builder, fields in ((a, {"account": "1510", **row}), (b, {"account": "1510", **row, **other})):
            builder.add_voucher("A", "1", DAY)
            builder.add_row(amount=5, **fields)
        comparison = compare(a.build(), b.build())
        assert counted(comparison) == {"vouchers_changed": 1}
        field = next(iter(other))
        assert comparison.rows.select("change", field).n_unique() == 2

    def test_a_row_dated_like_its_voucher_says_nothing_of_its_own(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        for builder, day in ((a, None), (b, DAY)):
            for number in ("1", ""):
                builder.add_voucher("A", number, DAY)
                builder.add_row("1510", 5, date=day)
        assert compare(a.build(), b.build()).equal

    def test_a_moved_voucher_whose_rows_follow_has_one_changed_field(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        voucher(a, "A", "1", 5, -5)
        voucher(b, "A", "1", 5, -5, day=date(2025, 3, 2))
        comparison = compare(a.build(), b.build())
        assert comparison.voucher_fields["field"].to_list() == ["date"]
        assert comparison.rows.is_empty()

    def test_history_is_compared_as_history(self, new_builder: NewBuilder) -> None:
        def ledger(*kinds: RowKind) -> Ledger:
            builder = new_builder()
            voucher(builder, "A", "1", 5, -5)
            for kind in kinds:
                builder.add_row("1510", 9, kind=kind)
            return builder.build()

        comparison = compare(ledger("removed", "added"), ledger("added", "added"))
        assert comparison.rows.select("change", "kind").rows() == [("new", "added"), ("removed", "removed")]
        assert comparison.totals.rows() == [("1510", 0, 0, 0)]

    def test_another_financial_year_has_other_keys(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder(date(2024, 1, 1), date(2024, 12, 31))
        voucher(a, "A", "1", 5, -5)
        voucher(b, "A", "1", 5, -5)
        assert counted(compare(a.build(), b.build())) == {
            "company": 1,
            "vouchers_new": 1,
            "vouchers_removed": 1,
        }

    def test_a_file_without_year_may_belong_to_any(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(None), new_builder()
        voucher(a, "A", "1", 5, -5)
        voucher(b, "A", "1", 5, -5)
        comparison = compare(a.build(), b.build())
        assert comparison.equal
        assert comparison.not_compared == (NotCompared("years", "a", "not-stated", 0),)

    def test_zero_vouchers_are_no_obstacle(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        voucher(b, "A", "1", 5, registered_on=DAY)
        assert counted(compare(a.build(), b.build())) == {"vouchers_new": 1}
        assert compare(a.build(), b.build()).not_compared == ()


class TestKeysThatDoNotTell:
    def test_without_numbers_content_tells(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        for amount in (1, 2, 3):
            voucher(a, "", "", amount, -amount)
        for amount in (3, 1, 4, 2):
            voucher(b, "", "", -amount, amount)
        comparison = compare(a.build(), b.build())
        assert comparison.vouchers.select("change", "voucher_b").rows() == [("new", 2)]

    def test_repeated_numbers_are_told_by_content(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        voucher(a, "A", "1", 1, -1)
        voucher(a, "A", "1", 2, -2)
        voucher(b, "A", "1", 2, -2)
        comparison = compare(a.build(), b.build())
        assert comparison.vouchers.select("change", "voucher_a").rows() == [("removed", 0)]

    def test_date_text_and_amounts_tell_when_something_else_changed(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        voucher(a, "", "", 1, -1, signature="AB")
        voucher(a, "", "", 2, -2, signature="CD")
        voucher(b, "", "", 2, -2, signature="EF")
        voucher(b, "", "", 1, -1, signature="AB")
        comparison = compare(a.build(), b.build())
        assert comparison.vouchers.select("change", "voucher_a", "voucher_b").rows() == [("changed", 1, 0)]
        assert comparison.voucher_fields.select("field", "old", "new").rows() == [("signature", "CD", "EF")]

    def test_at_last_the_order_tells(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        voucher(a, "", "", 1, -1)
        voucher(a, "", "", 2, -2)
        voucher(b, "", "", 3, -3)
        voucher(b, "", "", 4, -4)
        voucher(b, "", "", 5, -5)
        pairs = compare(a.build(), b.build()).vouchers.select("change", "voucher_a", "voucher_b").rows()
        assert pairs == [("new", None, 2), ("changed", 0, 0), ("changed", 1, 1)]

    def test_equal_vouchers_are_counted(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        for builder, times in ((a, 3), (b, 2)):
            for _ in range(times):
                voucher(builder, "", "", 1, -1)
        assert counted(compare(a.build(), b.build())) == {"vouchers_removed": 1}

    def test_vouchers_of_different_series_are_never_taken_for_each_other(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        voucher(a, "A", "", 1, -1)
        voucher(b, "B", "", 1, -1)
        assert counted(compare(a.build(), b.build())) == {"vouchers_new": 1, "vouchers_removed": 1}


class TestChart:
    def test_accounts_new_removed_and_changed(self, whole: LedgerBuilder, new_builder: NewBuilder) -> None:
        a = whole.build()
        others = a.accounts.filter(pl.col("account") != "3010")
        b = replace(
            a,
            accounts=others.with_columns(
                account=pl.col("account").replace({"1930": "1940"}),
                name=pl.col("name").replace({"Kundfordringar": "Fordringar", "Hyra": " Hyra "}),
            ),
        )
        assert compare(a, b).accounts.rows() == [
            ("1510", "changed", "name", "Kundfordringar", "Fordringar"),
            ("1930", "removed", "", "Bank", None),
            ("1940", "new", "", None, "Bank"),
            ("3010", "removed", "", "Försäljning", None),
        ]
        assert counted(compare(a, b)) == {"accounts": 4}

    @pytest.mark.parametrize(
        ("field", "value", "old", "new"),
        [
            ("type", pl.lit("S"), "K", "S"),
            ("unit", pl.lit("m2"), "kvm", "m2"),
            ("sru", pl.lit(["7513"]), "7513 7514", "7513"),
        ],
    )
    def test_every_field_of_an_account_counts(
        self, whole: LedgerBuilder, field: str, value: pl.Expr, old: str, new: str
    ) -> None:
        a = whole.build()
        here = pl.col("account") == "5010"
        b = replace(a, accounts=a.accounts.with_columns(pl.when(here).then(value).otherwise(field).alias(field)))
        assert compare(a, b).accounts.rows() == [("5010", "changed", field, old, new)]

    def test_an_account_declared_twice_is_compared_twice(self, whole: LedgerBuilder) -> None:
        a = whole.build()
        b = replace(a, accounts=pl.concat([a.accounts, a.accounts.filter(pl.col("account") == "5010")]))
        assert compare(a, b).accounts.select("account", "change").rows() == [("5010", "new")]

    def test_dimensions_and_objects(self, whole: LedgerBuilder) -> None:
        a = whole.build()
        whole.add_dimension(21, "Under", parent=1)
        whole.add_object(21, "N", "Norr")
        b = whole.build()
        assert compare(a, b).objects.rows() == [
            (21, None, "new", "", None, "Under"),
            (21, "N", "new", "", None, "Norr"),
        ]
        moved = replace(b, dimensions=b.dimensions.with_columns(parent=pl.lit(6, pl.Int32)))
        assert compare(b, moved).objects.select("dimension", "field", "old", "new").rows() == [
            (1, "parent", None, "6"),
            (21, "parent", "1", "6"),
        ]

    def test_more_than_five_hundred_objects_are_all_compared(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        for number in range(1200):
            a.add_object(6, f"P{number}", "Projekt")
            b.add_object(6, f"P{number}", "Projekt" if number != 1100 else "Project")
        assert compare(a.build(), b.build()).objects.select("object", "old", "new").rows() == [
            ("P1100", "Projekt", "Project")
        ]


class TestBalances:
    def test_a_balance_that_one_does_not_state_is_zero(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        for builder in (a, b):
            builder.add_balance("IB", "1930", 7)
        a.add_balance("IB", "1510", 0)
        b.add_balance("IB", "2099", -4)
        a.add_balance("IB", "151000", 3)
        comparison = compare(a.build(), b.build())
        assert comparison.balances.select("kind", "year", "account", "a", "b", "difference").rows() == [
            ("IB", 0, "151000", 3, 0, -3),
            ("IB", 0, "2099", 0, -4, -4),
        ]
        assert counted(comparison) == {"balances": 2}

    def test_an_unreadable_amount_is_zero(self, whole: LedgerBuilder) -> None:
        a = whole.build()
        b = replace(a, balances=a.balances.with_columns(amount=pl.lit(None, pl.Int64)))
        assert compare(a, b).balances["difference"].to_list() == [-100, -90, -100, -5]

    def test_quantities_count_too(self, whole: LedgerBuilder) -> None:
        a = whole.build()
        whole.add_balance("UB", "1930", 0, quantity=Decimal("0.5"))
        assert compare(a, whole.build()).balances.select("account", "quantity_a", "quantity_b").rows() == [
            ("1930", Decimal(0), Decimal("0.5"))
        ]

    def test_periods_and_objects_are_part_of_the_key(self, new_builder: NewBuilder) -> None:
        def ledger(period: int, code: str) -> Ledger:
            builder = new_builder()
            builder.add_balance("PSALDO", "1510", 5, period=period, objects=[(1, code)])
            return builder.build()

        assert compare(ledger(202501, "N"), ledger(202502, "N")).balances["period"].to_list() == [202501, 202502]
        shown = compare(ledger(202501, "N"), ledger(202501, 'S"')).balances["objects"].to_list()
        assert shown == ['1 "N"', '1 "S\\""']

    def test_sums_that_do_not_fit_are_an_error(self, new_builder: NewBuilder) -> None:
        a, b = new_builder(), new_builder()
        for number in range(1000):
            voucher(b, "A", str(number), 10**16)
        with pytest.raises(DataError) as caught:
            compare(a.build(), b.build())
        assert caught.value.code == "sum-too-large"


def test_totals_are_given_for_every_account(new_builder: NewBuilder) -> None:
    a, b = new_builder(), new_builder()
    voucher(a, "A", "1", 5, 6)
    voucher(b, "A", "1", 5, 7)
    b.add_row("1930", -12)
    assert compare(a.build(), b.build()).totals.rows() == [("1510", 11, 12, 1), ("1930", 0, -12, -12)]


def test_what_vouchers_moved_is_given_by_account_and_month(new_builder: NewBuilder) -> None:
    a, b = new_builder(), new_builder()
    for number, (builder, last) in enumerate(((a, 6), (b, 7))):
        voucher(builder, "A", "1", 5, last)
        voucher(builder, "A", "2", 9, day=date(2025, 4 + number, 30))
        voucher(builder, "A", "3", 100)
    found = compare(a.build(), b.build())
    assert found.months.rows() == [("1510", 202503, 1), ("1510", 202504, -9), ("1510", 202505, 9)]
    assert found.months["difference"].sum() == found.totals["difference"].sum()
    assert compare(a.build(), a.build()).months.is_empty()


class TestCompany:
    def changed(self, whole: LedgerBuilder, **fields: Any) -> Comparison:
        ledger = whole.build()
        return compare(ledger, replace(ledger, company=replace(ledger.company, **fields)))

    def test_fields_that_differ_are_named(self, whole: LedgerBuilder) -> None:
        comparison = self.changed(whole, name="Annat AB", address=Address("Åsa"))
        assert comparison.company.rows() == [
            ("company.name", "Exempel AB", "Annat AB"),
            ("company.contact", "Eva", "Åsa"),
        ]
        assert counted(comparison) == {"company": 2}

    def test_organisation_numbers_are_compared_normalised(self, whole: LedgerBuilder) -> None:
        assert self.changed(whole, organisation_number="165566778899").equal
        assert self.changed(whole, organisation_number="556000-0001").count == 1

    def test_the_sources_own_keys_are_not_the_books(self, whole: LedgerBuilder) -> None:
        comparison = self.changed(whole, source_id="77")
        assert comparison.equal
        assert comparison.not_compared == ()

    def test_what_only_one_states_is_not_compared(self, whole: LedgerBuilder) -> None:
        comparison = self.changed(whole, form=" ")
        assert comparison.equal
        assert comparison.not_compared == (NotCompared("company.form", "b", "not-stated"),)

    def test_years_and_currency(self, whole: LedgerBuilder) -> None:
        a = whole.build()
        last = FinancialYear(-1, date(2024, 1, 1), date(2024, 12, 31))
        b = replace(a, currency="EUR", years=(replace(a.years[0], end=date(2025, 6, 30), id="9"), last))
        comparison = compare(a, b)
        assert comparison.company.rows() == [
            ("years.0", "2025-01-01/2025-12-31", "2025-01-01/2025-06-30"),
            ("currency", "SEK", "EUR"),
        ]
        assert comparison.not_compared == (NotCompared("years", "a", "not-stated", -1),)


class TestNotCompared:
    @pytest.mark.parametrize(
        ("field", "emptied"),
        [
            ("accounts.type", pl.lit(None, pl.String)),
            ("accounts.unit", pl.lit(" ")),
            ("accounts.sru", pl.lit([], pl.List(pl.String))),
            ("balances.quantity", pl.lit(None, pl.Decimal(38, 6))),
            ("vouchers.registered_on", pl.lit(None, pl.Date)),
            ("vouchers.signature", pl.lit("")),
            ("rows.quantity", pl.lit(None, pl.Decimal(38, 6))),
            ("rows.signature", pl.lit("")),
        ],
    )
    def test_columns_of_which_one_states_nothing(self, whole: LedgerBuilder, field: str, emptied: pl.Expr) -> None:
        a = whole.build()
        table, _, column = field.partition(".")
        b = replace(a, **{table: a.tables[table].with_columns(emptied.alias(column))})  # type: ignore[arg-type]
        for first, second, side in ((a, b, "b"), (b, a, "a")):
            comparison = compare(first, second)
            assert comparison.equal
            assert [(each.field, each.side, each.reason) for each in comparison.not_compared] == [
                (field, side, "not-stated")
            ]

    def test_a_column_stated_once_is_compared_everywhere(self, whole: LedgerBuilder) -> None:
        a = whole.build()
        b = replace(a, accounts=a.accounts.with_columns(type=pl.when(pl.col("account") == "1510").then("type")))
        assert set(compare(a, b).accounts["field"]) == {"type"}

    @pytest.mark.parametrize(("kind", "year"), [("IB", 0), ("UB", 0), ("UB", -1), ("PSALDO", 0)])
    def test_kinds_of_balances_of_which_one_states_nothing_for_a_year(
        self, whole: LedgerBuilder, kind: str, year: int
    ) -> None:
        a = whole.build()
        b = kept(a, "balances", (pl.col("kind") != kind) | (pl.col("year") != year))
        comparison = compare(b, a)
        assert comparison.equal
        assert NotCompared(f"balances.{kind}", "a", "not-stated", year) in comparison.not_compared

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("accounts.type", lambda ledger: ("accounts", ledger.accounts.with_columns(type=pl.lit("S")))),
            ("accounts.unit", lambda ledger: ("accounts", ledger.accounts.with_columns(unit=pl.lit("x")))),
            ("accounts.sru", lambda ledger: ("accounts", ledger.accounts.with_columns(sru=pl.lit(["1"])))),
            ("dimensions", lambda ledger: ("dimensions", ledger.dimensions.clear())),
            ("objects", lambda ledger: ("objects", ledger.objects.clear())),
            ("balances.objects", lambda ledger: ("balances", ledger.balances.filter(pl.col("kind") != "PSALDO"))),
            (
                "balances.quantity",
                lambda ledger: ("balances", ledger.balances.with_columns(quantity=pl.col("quantity") * 2)),
            ),
            (
                "vouchers.registered_on",
                lambda ledger: ("vouchers", ledger.vouchers.with_columns(registered_on=pl.lit(DAY))),
            ),
            ("vouchers.signature", lambda ledger: ("vouchers", ledger.vouchers.with_columns(signature=pl.lit("x")))),
            ("rows.history", lambda ledger: ("rows", with_history(ledger.rows))),
            ("rows.objects", lambda ledger: ("rows", ledger.rows.with_columns(objects=pl.lit([])))),
            ("rows.date", lambda ledger: ("rows", ledger.rows.with_columns(date=pl.lit(date(2025, 1, 1))))),
            ("rows.text", lambda ledger: ("rows", ledger.rows.with_columns(text=pl.lit("x")))),
            ("rows.quantity", lambda ledger: ("rows", ledger.rows.with_columns(quantity=pl.col("quantity") * 2))),
            ("rows.signature", lambda ledger: ("rows", ledger.rows.with_columns(signature=pl.lit("x")))),
        ],
    )
    def test_what_a_source_cannot_hold_is_listed_instead(
        self, whole: LedgerBuilder, field: str, change: Callable[[Ledger], tuple[str, pl.DataFrame]]
    ) -> None:
        a = whole.build()
        table, frame = change(a)
        b = replace(a, **{table: frame.cast(dict(a.tables[table].schema))})  # type: ignore[arg-type]
        declared = frozenset({field})
        assert compare(a, b, absent_in_b=declared).equal
        assert compare(b, a, absent_in_a=declared).not_compared[0] == NotCompared(field, "a", "cannot-hold")
        undeclared = compare(a, b)
        assert not undeclared.equal or undeclared.not_compared

    def test_every_declarable_field_is_heeded(self) -> None:
        marks = TestNotCompared.test_what_a_source_cannot_hold_is_listed_instead.pytestmark  # type: ignore[attr-defined]
        assert {field for field, _ in marks[0].args[1]} == FINANCIAL_DATA

    def test_an_unknown_name_is_refused(self, whole: LedgerBuilder) -> None:
        with pytest.raises(ValueError, match=r"rows\.colour"):
            compare(whole.build(), whole.build(), absent_in_b=frozenset({"rows.colour"}))

    def test_every_field_and_reason_has_words(self, whole: LedgerBuilder) -> None:
        words = english_by_code("closing_host")
        bare = LedgerBuilder(Company(), []).build()
        comparison = compare(whole.build(), bare, absent_in_b=FINANCIAL_DATA)
        assert {each.reason for each in comparison.not_compared} == {"cannot-hold", "not-stated"}
        for each in comparison.not_compared:
            assert each.field_code in words
            filled = words[each.code].format_map({**each.parameters, "field": words[each.field_code]})
            assert each.side.upper() in filled


def with_history(rows: pl.DataFrame) -> pl.DataFrame:
    return pl.concat([rows, rows.with_columns(kind=pl.lit("removed", rows.schema["kind"]))])


def test_records_are_what_json_holds(whole: LedgerBuilder) -> None:
    a = whole.build()
    whole.add_voucher("A", "2", DAY)
    whole.add_balance("IB", "1930", 7, quantity=Decimal("0.5"))
    changed = whole.build()
    b = replace(changed, rows=changed.rows.with_columns(amount=pl.col("amount") * 2))
    records = json.loads(json.dumps(compare(a, b).as_records()))
    assert set(records) == {"equal", "count", "counts", "not_compared", *FRAMES}
    assert (records["equal"], records["count"]) == (False, 3)
    assert records["vouchers"][0] == {
        "change": "new",
        "series": "A",
        "number": "2",
        "date": "2025-03-01",
        "text": "",
        "voucher_a": None,
        "voucher_b": 1,
    }
    assert records["balances"][0]["quantity_b"] == "0.500000"
    assert [(row["change"], row["amount"]) for row in records["rows"]] == [
        ("new", -10),
        ("new", 10),
        ("removed", -5),
        ("removed", 5),
    ]
    assert records["totals"] == [{"account": "1510", "a": 0, "b": 0, "difference": 0}]
