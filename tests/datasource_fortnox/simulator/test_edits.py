"""Edits: what users and other integrations do behind a client's back (T 4.3, World)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.edits import OPERATIONS, EditError, apply, apply_script
from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

WHOLE = 29302


@pytest.fixture
def edit(world: World) -> Callable[..., Any]:
    return lambda op, **arguments: apply(world, {"op": op, "tenant": WHOLE, **arguments})


@pytest.fixture
def company(world: World) -> Company:
    return world.companies[WHOLE]


def test_lock_and_unlock(edit: Any, company: Company) -> None:
    edit("lock_period", to="2025-06-30")
    assert company.locked_through == date(2025, 6, 30)
    edit("lock_period", to=None)
    assert company.locked_through is None


def test_a_personal_lock_stands_beside_the_companys(edit: Any, company: Company) -> None:
    edit("lock_period", to="2025-12-31", personal=True)
    assert (company.locked_through, company.personally_locked_through) == (date(2024, 12, 31), date(2025, 12, 31))


def test_accounts_and_objects_are_removed(edit: Any, company: Company) -> None:
    edit("remove_account", account=2910, year=3)
    assert (2910 in company.years[3].accounts, 2910 in company.years[1].accounts) == (False, True)
    edit("remove_object", cost_center="10")
    edit("remove_object", project="P1")
    assert ("10" in company.cost_centers, "P1" in company.projects) == (False, False)
    with pytest.raises(EditError):
        edit("remove_object", project="P1")


def test_series_are_removed_made_non_manual_or_added_in_one_year_or_all(edit: Any, company: Company) -> None:
    edit("remove_series", series="I", year=3)
    assert ("I" in company.years[3].series, "I" in company.years[1].series) == (False, True)
    edit("set_series", series="A", manual=False)
    assert not any(year.series["A"].manual for year in company.years.values())
    edit("set_series", series="BK", manual=True, description="Bokslut", year=3)
    assert company.years[3].series["BK"].description == "Bokslut"


def test_accounts_and_objects_are_deactivated(edit: Any, company: Company) -> None:
    edit("set_account", account=2910, active=False, year=3)
    assert (company.years[3].accounts[2910].active, company.years[1].accounts[2910].active) == (False, True)
    edit("set_object", cost_center="10", active=False)
    edit("set_object", project="P1", active=False)
    assert (company.cost_centers["10"].active, company.projects["P1"].status) == (False, "COMPLETED")


def test_vouchers_are_added_edited_corrected_renumbered_and_deleted(edit: Any, company: Company, world: World) -> None:
    rows = [{"account": 1930, "amount": 100}, {"account": 1910, "amount": -100}]
    key = edit("add_voucher", series="A", date="2025-12-31", text="Annan", rows=rows, comments="BKX")
    assert key == (3, "A", 78)
    world.clock.advance(60)
    edit("edit_voucher", year=3, series="A", number=78, text="Ändrad", comments="", date="2025-12-30")
    voucher = company.voucher(key)
    assert (voucher.text, voucher.comments, voucher.date) == ("Ändrad", "", date(2025, 12, 30))
    assert voucher.modified_at == world.clock.now()
    edit("correct_voucher", year=3, series="A", number=78, strike=[1], add=[{"account": 1920, "amount": -100}])
    assert [(row.account, row.removed, row.added) for row in voucher.rows] == [
        (1930, False, False), (1910, True, False), (1920, False, True),
    ]  # fmt: skip
    edit("edit_voucher", year=3, series="A", number=78, rows=rows)
    assert [row.amount for row in voucher.rows] == [100, -100]
    assert edit("renumber_voucher", year=3, series="A", number=78, to_series="I") == (3, "I", 78)
    assert company.years[3].series["I"].next_number == 79
    with pytest.raises(EditError, match="exists"):
        edit("renumber_voucher", year=3, series="A", number=77, to_number=76)
    edit("delete_voucher", year=3, series="I", number=78)
    assert ("I", 78) not in company.years[3].vouchers


def test_deleted_numbers_are_used_again_only_by_the_switch(edit: Any, company: Company, world: World) -> None:
    edit("delete_voucher", year=3, series="A", number=77)
    assert company.years[3].series["A"].next_number == 78
    world.change_switches({"reuse_deleted_numbers": True})
    edit("delete_voucher", year=3, series="A", number=76)
    assert company.years[3].series["A"].next_number == 76


def test_company_facts_licences_and_rights(edit: Any, company: Company) -> None:
    edit("set_company", organisation_number="559900-1004", integration_licence=False, modules=["bookkeeping"])
    edit("set_company", missing_rights=["invoice"])
    assert (company.organisation_number, company.integration_licence) == ("559900-1004", False)
    assert (company.modules, company.missing_rights) == ({"bookkeeping"}, {"invoice"})


async def test_revoked_consent_ends_refreshing_and_access_by_the_switch(
    edit: Any, connect: Any, token: Any, browser: httpx.AsyncClient, world: World
) -> None:
    world.change_switches({"revocation_kills_access_tokens": True})
    refresh = (await connect())["refresh_token"]
    edit("revoke_consent")
    assert (await token(grant_type="refresh_token", refresh_token=refresh)).status_code == 400
    assert (await browser.get("/3/companyinformation")).status_code == 401


def test_invoices_and_payments_of_both_ledgers(edit: Any, company: Company) -> None:
    lines = [{"account": 4010, "amount": 800}, {"account": 2641, "amount": 200, "vat": True}]
    number = edit("add_invoice", ledger="payables", party="1", date="2025-12-01", lines=lines, own_number="X1")
    ledger = company.payables
    assert ledger.open_items(date(2025, 12, 31))[number] == 1000
    payment = edit("pay_invoice", ledger="payables", number=number, date="2025-12-05", amount=400)
    assert ledger.open_items(date(2025, 12, 31))[number] == 600
    edit("remove_payment", ledger="payables", number=payment)
    assert ledger.open_items(date(2025, 12, 31))[number] == 1000
    credit = edit("credit_invoice", ledger="payables", number=number, date="2025-12-06")
    edit("set_off", ledger="payables", credit=credit, original=number, date="2025-12-07")
    assert {number, credit}.isdisjoint(ledger.open_items(date(2025, 12, 31)))
    loose = edit("add_invoice", party="1", date="2025-12-01", lines=lines, book=False, currency="EUR", rate="11.5")
    edit("book_invoice", number=loose, on="2026-01-03")
    assert loose not in company.receivables.open_items(date(2025, 12, 31))
    assert company.receivables.open_items(date(2026, 1, 3))[loose] == 11_500
    registered = edit("pay_invoice", number=loose, date="2026-01-04", rate=11, book=False)
    edit("book_payment", number=registered)
    assert loose not in company.receivables.open_items(date(2026, 1, 4))
    loose = edit("add_invoice", party="1", date="2025-12-01", lines=lines, book=False, other_control=[[1513, 10]])
    edit("cancel_invoice", number=loose)
    assert company.receivables.documents[loose].cancelled


def test_mistakes_name_the_operation_and_change_nothing(edit: Any, company: Company, world: World) -> None:
    with pytest.raises(EditError, match="pay_invoice"):
        edit("pay_invoice", number=9999, date="2025-01-01")
    with pytest.raises(EditError, match="add_invoice"):
        edit("add_invoice", ledger="bank", party="1", date="2025-01-01", lines=[])
    with pytest.raises(EditError, match="no operation"):
        edit("paint")
    with pytest.raises(EditError, match="no financial year"):
        edit("add_voucher", series="A", date="2031-01-01", rows=[])
    with pytest.raises(EditError, match="no short edit"):
        apply_script(world, {"paint": "red", "tenant": WHOLE})


def test_scripts_are_one_edit_several_or_the_short_form(world: World, company: Company) -> None:
    apply_script(world, {"op": "lock_period", "tenant": WHOLE, "to": "2025-01-31"})
    apply_script(world, [{"op": "remove_series", "tenant": WHOLE, "series": "I"}])
    assert (company.locked_through, "I" in company.years[3].series) == (date(2025, 1, 31), False)


def test_the_manual_names_every_operation(pytestconfig: pytest.Config) -> None:
    manual = (pytestconfig.rootpath / "docs" / "fortnox-simulator.md").read_text()
    assert [name for name in OPERATIONS if f"`{name}`" not in manual] == []
