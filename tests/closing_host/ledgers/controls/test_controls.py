import string
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from closing_host.api.ledger import Company, Ledger, LedgerBuilder
from closing_host.ledgers.controls import CONTROLS, ControlResult, run_controls
from closing_host.locale import english_by_code

NewBuilder = Callable[..., LedgerBuilder]
EXPECTED = "556677-8899"


def one(ledger: Ledger, control: str, **options: Any) -> ControlResult:
    return next(each for each in run_controls(ledger, **options) if each.id == control)


def facts(result: ControlResult) -> list[tuple[str, str, dict[str, object]]]:
    return [(each.code, each.severity, dict(each.parameters)) for each in result.findings]


def sale(builder: LedgerBuilder, number: str, day: date, amount: int = 500) -> None:
    builder.add_voucher("A", number, day, line=int(number or 0) * 10)
    builder.add_row("1510", amount)
    builder.add_row("3010", -amount)


@pytest.fixture
def sound(new_builder: NewBuilder) -> LedgerBuilder:
    """A year in which every control can run and passes, but for what each test adds."""
    builder = new_builder()
    for kind, year in (("IB", 0), ("UB", -1)):
        builder.add_balance(kind, "1930", 1000, year=year)  # type: ignore[arg-type]
        builder.add_balance(kind, "2099", -1000, year=year)  # type: ignore[arg-type]
    builder.add_balance("UB", "1510", 500)
    builder.add_balance("UB", "1930", 1000)
    builder.add_balance("UB", "2099", -1000)
    builder.add_balance("RES", "3010", -500)
    sale(builder, "1", date(2025, 1, 1))
    return builder


def test_sound_books_pass_everything(sound: LedgerBuilder) -> None:
    results = run_controls(sound.build(), expected_organisation_number=EXPECTED)
    assert [(each.id, each.outcome, each.count) for each in results] == [
        (control.id, "passed", 0) for control in CONTROLS
    ]
    assert [each.id for each in results] == [f"I{number:02}" for number in range(1, 12)]


def test_an_unbalanced_voucher_is_named(sound: LedgerBuilder) -> None:
    sound.add_voucher("B", "7", date(2025, 2, 1), line=99)
    sound.add_row("1510", 100)
    sound.add_row("3010", -98)
    sound.add_row("3010", -2, kind="added")
    result = one(sound.build(), "I01")
    assert (result.outcome, result.count, result.findings[0].line, result.stops) == ("found", 1, 99, False)
    assert facts(result) == [
        (
            "i01-voucher-unbalanced",
            "error",
            {"series": "B", "number": "7", "date": date(2025, 2, 1), "amount": Decimal("0.02")},
        )
    ]


def test_a_cancelled_voucher_without_rows_balances(sound: LedgerBuilder) -> None:
    sound.add_voucher("B", "8", date(2025, 2, 1))
    assert one(sound.build(), "I01").outcome == "passed"


def test_sums_beyond_int64_do_not_hide_an_imbalance(new_builder: NewBuilder) -> None:
    builder = new_builder()
    builder.add_voucher("A", "1", date(2025, 1, 1))
    for _ in range(1845):
        builder.add_row("1510", 10**16)
    result = one(builder.build(), "I01")
    assert result.findings[0].parameters["amount"] == Decimal("184500000000000000.00")


class TestClosingBalances:
    def test_a_closing_balance_that_the_rows_do_not_give(self, sound: LedgerBuilder) -> None:
        sound.add_balance("UB", "1510", 1)
        result = one(sound.build(), "I02")
        assert facts(result) == [
            (
                "i02-closing-differs",
                "error",
                {
                    "account": "1510",
                    "stated": Decimal("5.01"),
                    "computed": Decimal("5.00"),
                    "difference": Decimal("0.01"),
                },
            )
        ]

    def test_a_result_that_the_rows_do_not_give(self, sound: LedgerBuilder) -> None:
        sound.add_balance("RES", "3010", -20)
        assert [each.code for each in one(sound.build(), "I02").findings] == ["i02-result-differs"]

    def test_a_balance_left_out_is_zero(self, sound: LedgerBuilder) -> None:
        sound.add_voucher("A", "2", date(2025, 2, 1))
        sound.add_row("1220", 30)
        sound.add_row("4010", -30)
        sound.add_row("9010", 30)
        sound.add_row("DIFF", -30)
        found = {each.parameters["account"]: each.code for each in one(sound.build(), "I02").findings}
        assert found == {"1220": "i02-closing-differs", "4010": "i02-result-differs"}

    def test_stated_internal_accounts_are_compared(self, sound: LedgerBuilder) -> None:
        sound.add_balance("RES", "9010", 5)
        assert one(sound.build(), "I02").count == 1

    def test_balances_per_object_are_no_totals(self, sound: LedgerBuilder) -> None:
        sound.add_balance("UB", "1510", 77, objects=[(1, "10")])
        assert one(sound.build(), "I02").outcome == "passed"

    def test_without_opening_balances_last_years_closing_ones_open(self, sound: LedgerBuilder) -> None:
        ledger = sound.build()
        without = replace(ledger, balances=ledger.balances.filter(pl.col("kind") != "IB"))
        assert one(without, "I02").outcome == "passed"

    def test_balances_before_the_years_end_say_nothing(self, sound: LedgerBuilder) -> None:
        ledger = replace(sound.build(), covered_until=date(2025, 12, 30))
        result = one(ledger, "I02")
        assert (result.outcome, result.reason, result.parameters) == (
            "could_not_run",
            "control-not-full-year",
            {"covered_until": date(2025, 12, 30)},
        )
        assert one(replace(ledger, covered_until=date(2025, 12, 31)), "I02").outcome == "passed"

    @pytest.mark.parametrize(("kind", "reason"), [("UB", "control-no-closing"), ("RES", "control-no-result")])
    def test_a_selection_of_vouchers_says_nothing(self, sound: LedgerBuilder, kind: str, reason: str) -> None:
        ledger = sound.build()
        year, label = pl.col("year"), pl.col("kind")
        filtered = replace(ledger, balances=ledger.balances.filter((label != kind) | (year != 0)))
        assert (one(filtered, "I02").outcome, one(filtered, "I02").reason) == ("could_not_run", reason)


class TestOpeningBalances:
    def test_each_account_that_opens_otherwise_is_named(self, sound: LedgerBuilder) -> None:
        sound.add_balance("IB", "1220", 300)
        sound.add_balance("IB", "1510", -300)
        sound.add_balance("IB", "3010", 5)
        result = one(sound.build(), "I03")
        assert [each.parameters["account"] for each in result.findings] == ["1220", "1510"]
        assert result.findings[0].parameters["difference"] == Decimal("3.00")

    def test_last_years_unbooked_result_is_recognised(self, new_builder: NewBuilder) -> None:
        builder = new_builder()
        builder.add_balance("UB", "1930", 1000, year=-1)
        builder.add_balance("RES", "3010", -1000, year=-1)
        builder.add_balance("IB", "1930", 1000)
        builder.add_balance("IB", "2099", -1000)
        result = one(builder.build(), "I03")
        assert [each.code for each in result.findings] == ["i03-previous-result", "i03-opening-differs"]
        assert result.findings[0].parameters == {"amount": Decimal("-10.00")}
        assert (result.count, result.severity) == (1, "warning")

    def test_last_years_result_need_not_be_stated(self, new_builder: NewBuilder) -> None:
        builder = new_builder()
        builder.add_balance("UB", "1930", 1000, year=-1)
        builder.add_balance("IB", "1930", 1000)
        builder.add_balance("IB", "2099", -1000)
        assert one(builder.build(), "I03").findings[0].code == "i03-previous-result"

    def test_another_total_is_not_called_last_years_result(self, sound: LedgerBuilder) -> None:
        sound.add_balance("RES", "3010", -1000, year=-1)
        sound.add_balance("IB", "2099", -999)
        assert [each.code for each in one(sound.build(), "I03").findings] == ["i03-opening-differs"]

    def test_opening_balances_that_do_not_sum_to_zero(self, sound: LedgerBuilder) -> None:
        sound.add_balance("IB", "1510", 25)
        assert facts(one(sound.build(), "I04")) == [("i04-opening-not-zero", "warning", {"amount": Decimal("0.25")})]

    def test_opening_balance_on_a_result_account(self, sound: LedgerBuilder) -> None:
        sound.add_balance("IB", "8999", 25)
        sound.add_balance("IB", "8910", 0)
        sound.add_balance("IB", "301000", 3)
        sound.add_balance("IB", "9999", -28)
        assert [each.parameters for each in one(sound.build(), "I05").findings] == [
            {"account": "301000", "amount": Decimal("0.03")},
            {"account": "8999", "amount": Decimal("0.25")},
        ]

    @pytest.mark.parametrize("control", ["I03", "I04", "I05"])
    def test_a_new_company_has_none(self, new_builder: NewBuilder, control: str) -> None:
        result = one(new_builder().build(), control)
        assert (result.outcome, result.reason) == ("could_not_run", "control-no-opening")

    def test_without_the_year_before_there_is_nothing_to_compare(self, new_builder: NewBuilder) -> None:
        builder = new_builder()
        builder.add_balance("IB", "1930", 5)
        assert one(builder.build(), "I03").reason == "control-no-previous-closing"


def test_used_accounts_missing_from_the_chart(sound: LedgerBuilder) -> None:
    sound.add_voucher("A", "2", date(2025, 2, 1))
    sound.add_row("6110", 30, line=21)
    sound.add_row("6110", -30, line=20)
    sound.add_balance("PBUDGET", "4010", 5, period=202501)
    sound.add_balance("UB", "1220", 5, year=-1)
    result = one(sound.build(), "I06")
    assert facts(result) == [
        ("i06-account-undeclared", "warning", {"account": "4010", "rows": 0}),
        ("i06-account-undeclared", "warning", {"account": "6110", "rows": 2}),
    ]
    assert [each.line for each in result.findings] == [None, 20]


def test_a_file_without_chart_cannot_be_asked_for_accounts(new_builder: NewBuilder) -> None:
    assert one(new_builder(chart=False).build(), "I06").reason == "control-no-chart"


@pytest.mark.parametrize(
    ("start", "end", "day", "outcome"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), date(2024, 12, 31), "found"),
        (date(2025, 1, 1), date(2025, 12, 31), date(2025, 1, 1), "passed"),
        (date(2025, 1, 1), date(2025, 12, 31), date(2025, 12, 31), "passed"),
        (date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1), "found"),
        (date(2024, 7, 1), date(2025, 12, 31), date(2024, 7, 1), "passed"),
        (date(2023, 3, 1), date(2024, 2, 29), date(2024, 2, 29), "passed"),
        (date(2023, 3, 1), date(2024, 2, 28), date(2024, 2, 29), "found"),
    ],
)
def test_dates_outside_the_year(new_builder: NewBuilder, start: date, end: date, day: date, outcome: str) -> None:
    builder = new_builder(start, end)
    sale(builder, "1", day)
    result = one(builder.build(), "I07")
    assert result.outcome == outcome
    for finding in result.findings:
        assert finding.parameters == {"series": "A", "number": "1", "date": day, "start": start, "end": end}
        assert (finding.severity, finding.line) == ("error", 10)


def test_an_unreadable_date_is_not_outside_the_year(sound: LedgerBuilder) -> None:
    ledger = sound.build()
    undated = replace(ledger, vouchers=ledger.vouchers.with_columns(date=pl.lit(None, pl.Date)))
    assert one(undated, "I07").outcome == "passed"
    unbalanced = replace(undated, rows=undated.rows.head(1))
    assert one(unbalanced, "I01").findings[0].parameters["date"] == ""


def test_without_a_year_dates_cannot_be_checked(new_builder: NewBuilder) -> None:
    builder = new_builder(None)
    sale(builder, "1", date(2025, 1, 1))
    assert one(builder.build(), "I07").reason == "control-no-year"


def test_repeated_numbers_are_named_once_with_their_dates(sound: LedgerBuilder) -> None:
    sale(sound, "1", date(2025, 3, 1))
    sale(sound, "1", date(2025, 3, 1))
    sound.add_voucher("B", "1", date(2025, 3, 1))
    result = one(sound.build(), "I08")
    assert facts(result) == [
        (
            "i08-number-repeated",
            "error",
            {"series": "A", "number": "1", "count": 3, "dates": "2025-01-01, 2025-03-01"},
        )
    ]
    assert result.findings[0].line == 10


def test_vouchers_without_number_repeat_nothing(new_builder: NewBuilder) -> None:
    builder = new_builder()
    sale(builder, "", date(2025, 3, 1))
    sale(builder, "", date(2025, 3, 1))
    assert one(builder.build(), "I08").reason == "control-no-numbers"
    sale(builder, "4", date(2025, 3, 1))
    assert one(builder.build(), "I08").outcome == "passed"


class TestCompany:
    def result(self, new_builder: NewBuilder, stated: str, expected: str | None) -> ControlResult:
        builder = new_builder(company=Company(name="Annat AB", organisation_number=stated))
        return one(builder.build(), "I09", expected_organisation_number=expected)

    @pytest.mark.parametrize("stated", ["556677-8899", "5566778899", "165566778899", " 556677-8899 "])
    def test_the_same_number_however_written_passes(self, new_builder: NewBuilder, stated: str) -> None:
        assert self.result(new_builder, stated, EXPECTED).outcome == "passed"

    def test_another_number_stops_the_import(self, new_builder: NewBuilder) -> None:
        result = self.result(new_builder, "5560000001", EXPECTED)
        assert (result.outcome, result.stops, result.severity) == ("found", True, "error")
        assert facts(result) == [
            (
                "i09-number-differs",
                "error",
                {"stated": "556000-0001", "expected": "556677-8899", "company": "Annat AB"},
            )
        ]

    @pytest.mark.parametrize("expected", [EXPECTED, None, ""])
    def test_a_missing_number_warns(self, new_builder: NewBuilder, expected: str | None) -> None:
        result = self.result(new_builder, " ", expected)
        assert (result.outcome, result.stops, result.severity) == ("found", False, "warning")
        assert result.findings[0].code == "i09-number-missing"

    def test_an_impossible_number_warns_even_when_expected(self, new_builder: NewBuilder) -> None:
        result = self.result(new_builder, "556677-8898", "5566778898")
        assert facts(result) == [("organisation-number-check-digit", "warning", {"number": "556677-8898"})]

    def test_with_nothing_expected_the_right_company_cannot_be_told(self, new_builder: NewBuilder) -> None:
        result = self.result(new_builder, EXPECTED, None)
        assert (result.outcome, result.reason) == ("could_not_run", "control-no-expected-number")


def test_no_vouchers_is_information(new_builder: NewBuilder) -> None:
    results = {each.id: each for each in run_controls(new_builder().build())}
    assert (results["I10"].outcome, results["I10"].severity) == ("found", "info")
    for control in ("I01", "I02", "I07", "I08"):
        assert results[control].reason == "control-no-vouchers"


class TestInternalAccounts:
    def test_class_nine_that_does_not_net_to_zero(self, sound: LedgerBuilder) -> None:
        sound.add_balance("IB", "9001", 10)
        sound.add_voucher("A", "2", date(2025, 2, 1))
        sound.add_row("9010", 30)
        sound.add_row("9020", 0)
        assert facts(one(sound.build(), "I11")) == [
            ("i11-internal-not-zero", "info", {"amount": Decimal("0.40"), "accounts": "9001, 9010"})
        ]

    def test_class_nine_that_nets_to_zero_passes(self, sound: LedgerBuilder) -> None:
        sound.add_voucher("A", "2", date(2025, 2, 1))
        sound.add_row("9010", 30)
        sound.add_row("9020", -30)
        assert one(sound.build(), "I11").outcome == "passed"

    def test_stated_balances_serve_without_vouchers(self, new_builder: NewBuilder) -> None:
        builder = new_builder()
        builder.add_balance("IB", "9010", 7)
        builder.add_balance("RES", "9010", 30)
        assert one(builder.build(), "I11").findings[0].parameters["amount"] == Decimal("0.30")


def test_findings_are_cut_but_counted_in_full(new_builder: NewBuilder) -> None:
    builder = new_builder()
    for number in range(1, 131):
        sale(builder, str(number), date(2024, 1, 1))
    ledger = builder.build()
    assert [(len(r.findings), r.count) for r in run_controls(ledger) if r.id == "I07"] == [(100, 130)]
    assert len(one(ledger, "I07", limit=3).findings) == 3
    assert len(one(ledger, "I07", limit=None).findings) == 130
    assert (one(ledger, "I07", limit=0).count, one(ledger, "I07", limit=0).severity) == (130, "error")


def test_a_wholly_empty_ledger_is_survived(new_builder: NewBuilder) -> None:
    results = run_controls(new_builder(None, company=Company(), chart=False).build())
    assert {each.id for each in results if each.outcome == "found"} == {"I09", "I10"}


def test_every_control_has_a_name() -> None:
    assert {control.code for control in CONTROLS} <= set(english_by_code("closing_host"))


def test_every_finding_and_reason_has_words_and_fills_them(new_builder: NewBuilder) -> None:
    words = english_by_code("closing_host")
    wrong = new_builder(company=Company(organisation_number="1"))
    for kind, account, amount, year in (
        ("IB", "1510", 5, 0),
        ("IB", "8999", 5, 0),
        ("UB", "1510", 5, -1),
        ("UB", "1930", 4, -1),
        ("UB", "1930", 4, 0),
        ("RES", "3010", 4, 0),
        ("RES", "9000", 4, 0),
    ):
        wrong.add_balance(kind, account, amount, year=year)  # type: ignore[arg-type]
    for day in (date(2024, 1, 1), date(2025, 1, 1)):
        wrong.add_voucher("A", "1", day)
        wrong.add_row("9000", 4)
    bare = new_builder(None, chart=False, company=Company())
    seen = set()
    for ledger in (wrong.build(), bare.build(), replace(wrong.build(), covered_until=date(2025, 2, 1))):
        for expected in (None, EXPECTED):
            for result in run_controls(ledger, expected_organisation_number=expected):
                said = [(each.code, each.parameters) for each in result.findings]
                if result.reason:
                    said.append((result.reason, result.parameters))
                for code, parameters in said:
                    places = {name for _, name, _, _ in string.Formatter().parse(words[code]) if name}
                    assert places <= set(parameters), code
                    seen.add(code)
    assert len(seen) >= 15
