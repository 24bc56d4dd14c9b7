"""Invoices and payments over the API: types, states, filters, vouchers (F 6)."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from datasource_fortnox.simulator.documents import Line, WriteOff
from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

WHOLE = 29302


async def numbers(api: httpx.AsyncClient, path: str, key: str, field: str, **query: Any) -> list[Any]:
    answer = await api.get(path, params={"limit": 500, **query})
    assert answer.status_code == 200, answer.text
    return [item[field] for item in answer.json()[key]]


async def test_customer_invoice_mixes_numbers_and_texts_as_recorded(api: httpx.AsyncClient) -> None:
    listed = (await api.get("invoices", params={"documentnumber": "101"})).json()["Invoices"][0]
    assert (listed["DocumentNumber"], listed["Total"], listed["Balance"]) == ("101", 12500, 7500)
    assert (listed["CurrencyRate"], listed["CurrencyUnit"]) == ("1", 1)
    assert "Credit" not in listed
    detail = (await api.get("invoices/101")).json()["Invoice"]
    assert (detail["CurrencyRate"], detail["Credit"], detail["Net"], detail["TotalVAT"]) == (1, "false", 10000, 2500)
    assert (await api.get("invoices/9999")).json()["ErrorInformation"]["Code"] == 2000434


async def test_invoice_names_its_voucher_only_when_booked(api: httpx.AsyncClient) -> None:
    booked = (await api.get("invoices/101")).json()["Invoice"]
    path = f"vouchers/{booked['VoucherSeries']}/{booked['VoucherNumber']}"
    voucher = (await api.get(path, params={"financialyear": booked["VoucherYear"]})).json()["Voucher"]
    assert (voucher["ReferenceType"], voucher["ReferenceNumber"]) == ("INVOICE", "101")
    unbooked = (await api.get("invoices/106")).json()["Invoice"]
    assert (unbooked["Booked"], unbooked["VoucherNumber"], unbooked["Balance"]) == (False, None, 8000)


async def test_credit_note_and_original_name_each_other(api: httpx.AsyncClient) -> None:
    credit = (await api.get("invoices/104")).json()["Invoice"]
    assert (credit["Credit"], credit["Total"], credit["Balance"]) == ("true", -1000, -1000)
    assert credit["CreditInvoiceReference"] == "95"
    assert (await api.get("invoices/95")).json()["Invoice"]["CreditInvoiceReference"] == "104"


async def test_filters_tell_states_as_of_now(api: httpx.AsyncClient) -> None:
    ask = {"path": "invoices", "key": "Invoices", "field": "DocumentNumber"}
    assert await numbers(api, **ask, filter="cancelled") == ["107"]
    assert await numbers(api, **ask, filter="unbooked") == ["106"]
    assert await numbers(api, **ask, filter="unpaid") == ["101", "103", "104", "105"]
    assert await numbers(api, **ask, filter="unpaidoverdue") == ["101", "103", "104", "105"]
    assert len(await numbers(api, **ask, filter="fullypaid")) == 107 - 4 - 2


async def test_dates_and_final_payment_filter_invoices(api: httpx.AsyncClient) -> None:
    ask = {"path": "invoices", "key": "Invoices", "field": "DocumentNumber"}
    assert await numbers(api, **ask, fromdate="2026-01-01") == ["105"]
    assert await numbers(api, **ask, fromfinalpaydate="2026-01-01") == ["102"]
    assert "105" not in await numbers(api, **ask, todate="2025-12-31")


async def test_foreign_invoice_is_in_its_currency_or_in_kronor_by_the_switch(
    api: httpx.AsyncClient, world: World
) -> None:
    assert (await api.get("invoices/100")).json()["Invoice"]["Total"] == 2500
    world.change_switches({"foreign_amounts": "sek"})
    detail = (await api.get("invoices/100")).json()["Invoice"]
    assert (detail["Total"], detail["Currency"], detail["CurrencyRate"]) == (28086.25, "EUR", 11.2345)


async def test_supplier_invoice_has_amounts_as_texts_and_two_spellings_of_cancelled(api: httpx.AsyncClient) -> None:
    listed = (await api.get("supplierinvoices", params={"invoicenumber": "F2168"})).json()["SupplierInvoices"][0]
    assert (listed["GivenNumber"], listed["Total"], listed["Balance"]) == ("24", "48812.5", "0")
    assert (listed["Cancel"], listed["Credit"], "Cancelled" in listed) == (False, False, False)
    detail = (await api.get("supplierinvoices/24")).json()["SupplierInvoice"]
    assert (detail["Cancelled"], "Cancel" in detail, detail["VAT"]) == (False, False, "9762.5")
    assert (detail["VoucherNumber"], detail["Vouchers"][0]["ReferenceType"]) == (None, "SUPPLIERINVOICE")
    codes = [(row["Code"], row["Account"], row["Debit"] - row["Credit"]) for row in detail["SupplierInvoiceRows"]]
    assert codes == [("TOT", 2440, -48812.5), ("", 4010, 39050), ("VAT", 2641, 9762.5)]


async def test_supplier_oddities_are_switches(api: httpx.AsyncClient, world: World) -> None:
    ledger = world.companies[WHOLE].payables
    ledger.book(ledger.add("1", date(2026, 2, 10), [Line(4010, 100)], number=30).number)
    ask = {"path": "supplierinvoices", "key": "SupplierInvoices", "field": "GivenNumber"}
    assert await numbers(api, **ask, filter="unpaid") == ["30"]
    world.change_switches({"supplier_unpaid": "overdue", "supplier_balance_in_list": False})
    assert await numbers(api, **ask, filter="unpaid") == []
    listed = (await api.get("supplierinvoices")).json()["SupplierInvoices"]
    assert all("Balance" not in item for item in listed)
    assert "Balance" in (await api.get("supplierinvoices/30")).json()["SupplierInvoice"]
    world.change_switches({"supplier_dates_accepted": False})
    assert (await api.get("supplierinvoices", params={"todate": "2025-12-31"})).status_code == 400


async def test_customer_payment_number_is_text_and_supplier_payment_number_is_not(api: httpx.AsyncClient) -> None:
    payment = (await api.get("invoicepayments", params={"invoicenumber": "102"})).json()["InvoicePayments"][0]
    assert isinstance(payment["Number"], str)
    assert (payment["InvoiceNumber"], payment["Amount"], payment["PaymentDate"]) == (102, 25000, "2026-01-08")
    supplier = (await api.get("supplierinvoicepayments", params={"invoicenumber": "24"})).json()
    item = supplier["SupplierInvoicePayments"][0]
    assert (type(item["Number"]), item["InvoiceNumber"], item["Amount"]) == (int, "24", 48812.5)


async def test_payment_detail_tells_write_offs_and_its_voucher(api: httpx.AsyncClient, world: World) -> None:
    payment = next(p for p in world.companies[WHOLE].receivables.payments.values() if p.document == 97)
    item = (await api.get(f"invoicepayments/{payment.number}")).json()["InvoicePayment"]
    assert (item["Amount"], item["WriteOffExist"]) == (1233, True)
    assert item["WriteOffs"][0]["AccountNumber"] == 3740
    assert item["WriteOffs"][0]["Amount"] == 0.75
    assert (item["VoucherYear"], item["VoucherSeries"], item["InvoiceTotal"]) == (3, "C", "1233.75")
    assert (await api.get("invoicepayments/9999")).status_code == 404
    supplier = (await api.get("supplierinvoicepayments/1")).json()["SupplierInvoicePayment"]
    assert supplier["InvoiceSupplierNumber"] == "2"


async def test_payments_have_no_range_filter_on_dates(api: httpx.AsyncClient) -> None:
    assert (await api.get("invoicepayments", params={"fromdate": "2025-01-01"})).status_code == 400


async def test_unbooked_payment_leaves_the_balance(api: httpx.AsyncClient, world: World) -> None:
    ledger = world.companies[WHOLE].receivables
    ledger.pay(105, date(2026, 2, 1), 100_000, booked=False, write_offs=[WriteOff(3740, 1)])
    assert (await api.get("invoices/105")).json()["Invoice"]["Balance"] == 9375
    item = (await api.get("invoicepayments", params={"invoicenumber": "105"})).json()["InvoicePayments"][0]
    assert item["Booked"] is False


async def test_foreign_payment_tells_both_amounts(api: httpx.AsyncClient, world: World) -> None:
    payment = next(p for p in world.companies[WHOLE].receivables.payments.values() if p.document == 100)
    item = (await api.get(f"invoicepayments/{payment.number}")).json()["InvoicePayment"]
    assert (item["Amount"], item["AmountCurrency"], item["Currency"]) == (28552.5, 2500, "EUR")
    assert Decimal(str(item["CurrencyRate"])) == Decimal("11.421")
