"""What people and other integrations do in Fortnox behind our back, as named operations (T 4.3, World).

Amounts are integer öre, debit positive; dates ISO texts; ``year`` is a financial-year id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from datasource_fortnox.simulator import vouchers
from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.edits_subledger import SUBLEDGER_OPERATIONS
from datasource_fortnox.simulator.ledger import FinancialYear, Row, VoucherKey
from datasource_fortnox.simulator.world import World

__all__ = ["OPERATIONS", "EditError", "apply", "apply_script"]

Operation = Callable[[World, Company, Mapping[str, Any]], Any]


class EditError(ValueError):
    """No such operation, tenant, voucher … or a missing argument."""


def apply(world: World, edit: Mapping[str, Any]) -> Any:
    """One edit ``{"op": name, "tenant": number, ...}``; the tenant may be left out where there is only one.

    Returns something JSON can hold: the voucher's key, the document's or payment's number, or None.
    """
    operation = OPERATIONS.get(edit.get("op", ""))
    if operation is None:
        raise EditError(f"no operation {edit.get('op')!r}; known: {', '.join(OPERATIONS)}")
    with world.lock:
        company = _company(world, edit)
        try:
            return operation(world, company, edit)
        except (KeyError, IndexError, ValueError, TypeError) as error:
            raise EditError(f"{edit['op']}: {error!r}") from error


def apply_script(world: World, edits: Mapping[str, Any] | Iterable[Mapping[str, Any]]) -> None:
    """Edits of a plan: one, several, or the short form ``{lock_period_to: …, remove_series: …}`` of T 4.2."""
    if not isinstance(edits, Mapping):
        for edit in edits:
            apply(world, edit)
        return
    if "op" in edits:
        apply(world, edits)
        return
    short = {"lock_period_to": ("lock_period", "to"), "remove_series": ("remove_series", "series")}
    for name, value in edits.items():
        if name == "tenant":
            continue
        if name not in short:
            raise EditError(f"no short edit {name!r}; known: {', '.join(short)}")
        operation, argument = short[name]
        apply(world, {"op": operation, argument: value, **{k: v for k, v in edits.items() if k == "tenant"}})


def _company(world: World, edit: Mapping[str, Any]) -> Company:
    if "tenant" in edit:
        found = world.companies.get(int(edit["tenant"]))
        if found is None:
            raise EditError(f"no tenant {edit['tenant']}")
        return found
    if len(world.companies) == 1:
        return next(iter(world.companies.values()))
    raise EditError("several companies: say which tenant")


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _years(company: Company, edit: Mapping[str, Any]) -> list[FinancialYear]:
    return [company.years[edit["year"]]] if "year" in edit else list(company.years.values())


def _key(company: Company, edit: Mapping[str, Any]) -> VoucherKey:
    year = edit.get("year")
    if year is None:
        selected = company.selected_year()
        year = selected.id if selected else -1
    return int(year), edit["series"], int(edit["number"])


def _rows(content: Iterable[Mapping[str, Any]]) -> list[Row]:
    return [Row(**row) for row in content]


def _lock_period(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    if edit.get("personal", False):
        company.personally_locked_through = _day(edit["to"])
    else:
        company.locked_through = _day(edit["to"])


def _remove_series(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    for year in _years(company, edit):
        year.series.pop(edit["series"], None)


def _set_series(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    for year in _years(company, edit):
        series = year.opened(edit["series"])
        series.manual = edit.get("manual", series.manual)
        series.description = edit.get("description", series.description)


def _set_account(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    for year in _years(company, edit):
        account = year.accounts[edit["account"]]
        for name in ("active", "name", "opening", "cost_center_setting", "project_setting"):
            setattr(account, name, edit.get(name, getattr(account, name)))
        account.modified_at = company.clock.now()


def _set_object(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    if "cost_center" in edit:
        company.cost_centers[edit["cost_center"]].active = edit["active"]
    else:
        company.projects[edit["project"]].status = "ONGOING" if edit["active"] else "COMPLETED"


def _remove_account(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    for year in _years(company, edit):
        year.accounts.pop(edit["account"], None)


def _remove_object(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    if "cost_center" in edit:
        del company.cost_centers[edit["cost_center"]]
    else:
        del company.projects[edit["project"]]


def _set_company(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    for name in ("name", "organisation_number", "integration_licence", "suspended", "preselected_year"):
        setattr(company, name, edit.get(name, getattr(company, name)))
    for name in ("modules", "missing_rights"):
        setattr(company, name, set(edit.get(name, getattr(company, name))))


def _add_voucher(world: World, company: Company, edit: Mapping[str, Any]) -> VoucherKey:
    day = date.fromisoformat(edit["date"])
    year = company.year_of(day)
    if year is None:
        raise EditError(f"no financial year covers {day}")
    draft = vouchers.Draft(
        edit["series"], day, edit.get("text", ""), _rows(edit["rows"]), comments=edit.get("comments", "")
    )
    return vouchers.book(company, year, draft, number=edit.get("number"))


def _edit_voucher(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    """Change a voucher in place, without any trace but its modification time."""
    voucher = company.voucher(_key(company, edit))
    voucher.text = edit.get("text", voucher.text)
    voucher.comments = edit.get("comments", voucher.comments)
    voucher.date = date.fromisoformat(edit["date"]) if "date" in edit else voucher.date
    voucher.rows = _rows(edit["rows"]) if "rows" in edit else voucher.rows
    voucher.modified_at = company.clock.now()


def _correct_voucher(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    vouchers.strike(company, _key(company, edit), edit.get("strike", ()), _rows(edit.get("add", ())))


def _delete_voucher(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    vouchers.delete(company, _key(company, edit))


def _renumber_voucher(world: World, company: Company, edit: Mapping[str, Any]) -> VoucherKey:
    key = _key(company, edit)
    return vouchers.renumber(company, key, series=edit.get("to_series"), number=edit.get("to_number"))


def _revoke_consent(world: World, company: Company, edit: Mapping[str, Any]) -> None:
    for client in [edit["client_id"]] if "client_id" in edit else list(world.oauth.clients):
        world.oauth.revoke(client, company.tenant, access_too=world.switches.revocation_kills_access_tokens)


def _in_subledger(step: Callable[[Company, Mapping[str, Any]], Any]) -> Operation:
    return lambda world, company, edit: step(company, edit)


OPERATIONS: dict[str, Operation] = {
    "lock_period": _lock_period,
    "remove_series": _remove_series,
    "set_series": _set_series,
    "set_account": _set_account,
    "set_object": _set_object,
    "remove_account": _remove_account,
    "remove_object": _remove_object,
    "set_company": _set_company,
    "add_voucher": _add_voucher,
    "edit_voucher": _edit_voucher,
    "correct_voucher": _correct_voucher,
    "delete_voucher": _delete_voucher,
    "renumber_voucher": _renumber_voucher,
    "revoke_consent": _revoke_consent,
    **{name: _in_subledger(step) for name, step in SUBLEDGER_OPERATIONS.items()},
}
"""Every edit by name; arguments are in docs/fortnox-simulator.md."""
