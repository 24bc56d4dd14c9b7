"""Recorded shapes of F 5 as records."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from datasource_fortnox.errors import AnswerWrong
from datasource_fortnox.models import Account, LockedPeriod, NewVoucher, NewVoucherRow, Project, Voucher, VoucherSummary
from datasource_fortnox.rest import parsed


def row(account: int, debit: object, credit: object, **more: Any) -> dict[str, Any]:
    return {"Account": account, "Debit": debit, "Credit": credit, "CostCenter": "", "Project": "", **more}


VOUCHER: dict[str, Any] = {
    "@url": "https://api.fortnox.se/3/vouchers/A/42?financialyear=7",
    "Comments": None,
    "CostCenter": "",
    "Description": "Kontorsmaterial",
    "Project": 0,
    "ReferenceNumber": "",
    "ReferenceType": "MANUAL",
    "TransactionDate": "2025-10-03",
    "VoucherNumber": 42,
    "VoucherRows": [
        row(6110, Decimal("412.5"), 0, Removed=False),
        row(1910, 0, "412.50", Removed=False),
        row(1930, 999, 0, Removed=True),
    ],
    "VoucherSeries": "A",
    "Year": 7,
    "NewField": {"from": "tomorrow"},
}


def test_a_voucher_as_recorded() -> None:
    voucher = Voucher.model_validate(VOUCHER)
    assert voucher.key == (7, "A", 42)
    assert voucher.transaction_date == date(2025, 10, 3)
    assert (voucher.comments, voucher.project) == ("", "")
    assert [each.amount for each in voucher.voucher_rows] == [Decimal("412.5"), Decimal("-412.5"), Decimal(999)]
    assert sum(each.amount for each in voucher.booked_rows) == 0


def test_unknown_fields_are_kept() -> None:
    assert Voucher.model_validate(VOUCHER).model_extra == {
        "@url": VOUCHER["@url"],
        "NewField": {"from": "tomorrow"},
    }


def test_an_old_list_item_without_description_and_date() -> None:
    item = VoucherSummary.model_validate({"VoucherSeries": "A", "VoucherNumber": "1", "Year": "7"})
    assert (item.key, item.transaction_date, item.description) == ((7, "A", 1), None, "")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"VoucherNumber": None}, "VoucherNumber"),
        ({"VoucherSeries": ""}, "VoucherSeries"),
        ({"TransactionDate": ""}, "TransactionDate"),
        ({"VoucherRows": None}, "VoucherRows"),
        ({"VoucherRows": [row(1910, 1.5, 0)]}, "VoucherRows.0.Debit"),
        ({"VoucherRows": [row(1910, None, None)]}, "VoucherRows.0"),
    ],
)
def test_what_nothing_can_be_done_without_is_named_and_not_repeated(change: dict[str, Any], field: str) -> None:
    with pytest.raises(AnswerWrong) as raised:
        parsed(VOUCHER | change, "vouchers", Voucher)
    assert raised.value.parameters["field"] == field
    assert raised.value.parameters["record"] == VOUCHER["@url"]
    assert "Kontorsmaterial" not in str(raised.value)


@pytest.mark.parametrize("record", [None, [], "text", {}])
def test_an_envelope_without_a_record_is_a_typed_error(record: object) -> None:
    with pytest.raises(AnswerWrong):
        parsed(record, "vouchers", Voucher)


def test_an_account_without_its_active_flag_cannot_be_told() -> None:
    with pytest.raises(AnswerWrong, match="Active"):
        parsed({"Number": 1930}, "accounts", Account)


def test_account_fields_with_names_of_their_own() -> None:
    account = Account.model_validate({"Number": "1930", "Active": True, "SRU": 7281, "VATCode": None})
    assert (account.number, account.sru, account.vat_code) == (1930, "7281", "")


@pytest.mark.parametrize("record", [{}, {"EndDate": None}, {"EndDate": ""}])
def test_no_lock_in_its_three_forms(record: dict[str, Any]) -> None:
    assert LockedPeriod.model_validate(record).end_date is None


def test_enumerations_are_open() -> None:
    assert Project.model_validate({"ProjectNumber": "P1", "Status": "SLEEPING"}).status == "SLEEPING"


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": 99},
        {"debit": Decimal("0.001")},
        {"debit": Decimal(-1)},
        {"credit": Decimal(10**13)},
        {"transaction_information": "x" * 101},
        {"unknown": 1},
    ],
)
def test_a_row_that_fortnox_would_refuse_is_refused_here(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        NewVoucherRow.model_validate({"account": 1930} | wrong)


def test_a_voucher_needs_two_rows_and_a_text() -> None:
    rows = (NewVoucherRow(account=1930, debit=Decimal(1)), NewVoucherRow(account=1910, credit=Decimal(1)))
    good = {"description": "V1", "voucher_series": "A", "transaction_date": date(2025, 12, 31), "voucher_rows": rows}
    NewVoucher.model_validate(good)
    for wrong in (
        {"voucher_rows": rows[:1]},
        {"description": ""},
        {"description": "x" * 201},
        {"comments": "x" * 1001},
    ):
        with pytest.raises(ValidationError):
            NewVoucher.model_validate(good | wrong)
