from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.api.money import MAX_ORE
from closing_host.api.vouchers import Booked, DraftRow, VoucherRecord
from closing_host.sources.returned import Unfit, taken, taken_ledger

YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))
RECORD = VoucherRecord("A", "1", YEAR.start, YEAR.end, "V1", (DraftRow("7010", 1, ((1, "10"),)), DraftRow("2910", -1)))


@pytest.fixture
def ledger() -> Ledger:
    builder = LedgerBuilder(Company(name="Bageriet"), [YEAR])
    for number in ("1", "2"):
        builder.add_voucher("A", number, YEAR.start)
        builder.add_row("1930", 100)
    builder.add_balance("IB", "1930", 100)
    return builder.build()


def test_a_right_answer_comes_back_as_a_copy() -> None:
    answer = Booked(RECORD)
    copied = taken("export_voucher", answer)
    assert copied == answer
    assert copied is not answer
    assert copied.voucher is not RECORD


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"number": 1}, "voucher.number"),
        ({"date": datetime(2025, 12, 31, tzinfo=UTC)}, "voucher.date"),
        ({"date": "2025-12-31"}, "voucher.date"),
        ({"rows": list(RECORD.rows)}, "voucher.rows"),
        ({"rows": (DraftRow("7010", 1.0),)}, "voucher.rows.0.amount"),  # type: ignore[arg-type]
        ({"rows": (DraftRow("7010", True),)}, "voucher.rows.0.amount"),
        ({"rows": (DraftRow("7010", 1, (("1", "10"),)),)}, "voucher.rows.0.objects.0.0"),  # type: ignore[arg-type]
        ({"comment": None}, "voucher.comment"),
    ],
)
def test_a_wrong_value_deep_inside_is_found_and_not_repeated(change: dict[str, Any], place: str) -> None:
    with pytest.raises(Unfit) as caught:
        taken("export_voucher", Booked(replace(RECORD, **change)))
    assert caught.value.place.endswith(place)
    assert "2025" not in str(caught.value)


def test_a_good_ledger_is_taken_with_frames_of_its_own(ledger: Ledger) -> None:
    mine = taken_ledger(ledger)
    assert mine.rows.equals(ledger.rows)
    assert all(mine.tables[name] is not frame for name, frame in ledger.tables.items())


def test_a_company_of_wrong_types_is_found(ledger: Ledger) -> None:
    company = Company(organisation_number=5566778899)  # type: ignore[arg-type]
    with pytest.raises(Unfit, match="organisation_number"):
        taken_ledger(replace(ledger, company=company))


def test_years_of_wrong_types_are_found(ledger: Ledger) -> None:
    year = replace(YEAR, start="2025-01-01")  # type: ignore[arg-type]
    with pytest.raises(Unfit, match="start"):
        taken_ledger(replace(ledger, years=(year,)))


def test_a_repeated_voucher_key_is_found(ledger: Ledger) -> None:
    vouchers = ledger.vouchers.with_columns(voucher=pl.lit(0, pl.UInt32))
    with pytest.raises(Unfit, match=r"vouchers\.voucher"):
        taken_ledger(replace(ledger, vouchers=vouchers))


@pytest.mark.parametrize("key", [7, None])
def test_a_row_without_voucher_is_found(key: int | None, ledger: Ledger) -> None:
    rows = ledger.rows.with_columns(voucher=pl.lit(key, pl.UInt32))
    with pytest.raises(Unfit, match=r"rows\.voucher"):
        taken_ledger(replace(ledger, rows=rows))


@pytest.mark.parametrize("table", ["rows", "balances"])
@pytest.mark.parametrize("amount", [MAX_ORE + 1, -MAX_ORE - 1, -(2**63)])
def test_an_amount_beyond_the_range_is_found(table: str, amount: int, ledger: Ledger) -> None:
    changed: Any = {table: ledger.tables[table].with_columns(amount=pl.lit(amount, pl.Int64))}
    with pytest.raises(Unfit, match=rf"{table}\.amount"):
        taken_ledger(replace(ledger, **changed))


def test_rows_whose_amount_could_not_be_read_are_taken(ledger: Ledger) -> None:
    rows = ledger.rows.with_columns(amount=pl.lit(None, pl.Int64))
    assert taken_ledger(replace(ledger, rows=rows)).rows["amount"].null_count() == 2


def test_years_as_strange_as_a_file_states_them_are_taken(ledger: Ledger) -> None:
    reversed_year = replace(YEAR, start=YEAR.end, end=YEAR.start)
    assert taken_ledger(replace(ledger, years=(reversed_year, YEAR))).years == (reversed_year, YEAR)
