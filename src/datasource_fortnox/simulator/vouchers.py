"""Booking, correcting and deleting vouchers inside the model, and the rules of the API's voucher creation."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.errors import invalid
from datasource_fortnox.simulator.ledger import FinancialYear, Row, Voucher, VoucherKey

__all__ = ["Draft", "book", "check", "delete", "renumber", "strike"]


@dataclass
class Draft:
    """A voucher before it has a number."""

    series: str
    date: datetime.date
    text: str
    rows: list[Row]
    comments: str = ""
    cost_center: str = ""
    project: str = ""
    reference_type: str = "MANUAL"
    reference_number: str = ""
    registered_on: datetime.date | None = field(default=None)


def book(company: Company, year: FinancialYear, draft: Draft, *, number: int | None = None) -> VoucherKey:
    """Put a voucher into the ledger without any check, under the series' next number or a given one."""
    series = year.opened(draft.series)
    chosen = series.next_number if number is None else number
    if (draft.series, chosen) in year.vouchers:
        raise ValueError(f"voucher {draft.series} {chosen} exists in year {year.id}")
    now = company.clock.now()
    year.vouchers[draft.series, chosen] = Voucher(
        draft.series,
        chosen,
        draft.date,
        draft.text,
        draft.rows,
        draft.registered_on or company.clock.today(),
        modified_at=now,
        created_at=now,
        comments=draft.comments,
        cost_center=draft.cost_center,
        project=draft.project,
        reference_type=draft.reference_type,
        reference_number=draft.reference_number,
    )
    series.next_number = max(series.next_number, chosen + 1)
    return year.id, draft.series, chosen


def strike(company: Company, key: VoucherKey, rows: Iterable[int], added: Iterable[Row]) -> Voucher:
    """Correct a voucher as a user does: strike rows by position and add others (F 9.19)."""
    voucher = company.voucher(key)
    for position in rows:
        voucher.rows[position].removed = True
    voucher.rows.extend(replace(row, added=True) for row in added)
    voucher.modified_at = company.clock.now()
    return voucher


def delete(company: Company, key: VoucherKey) -> Voucher:
    """Take a voucher out of the ledger, as a user or another integration may."""
    year = company.years[key[0]]
    voucher = year.vouchers.pop((key[1], key[2]))
    series = year.series.get(key[1])  # somebody may have removed it
    if series is not None and company.switches.reuse_deleted_numbers:
        series.next_number = 1 + max((number for code, number in year.vouchers if code == key[1]), default=0)
    return voucher


def renumber(company: Company, key: VoucherKey, *, series: str | None = None, number: int | None = None) -> VoucherKey:
    """Move a voucher to another series or number of the same year."""
    year = company.years[key[0]]
    target = (series or key[1], key[2] if number is None else number)
    if target in year.vouchers:
        raise ValueError(f"voucher {target[0]} {target[1]} exists in year {year.id}")
    voucher = year.vouchers.pop((key[1], key[2]))
    voucher.series, voucher.number = target
    voucher.modified_at = company.clock.now()
    year.vouchers[target] = voucher
    kept = year.opened(target[0])
    kept.next_number = max(kept.next_number, target[1] + 1)
    return year.id, *target


def check(company: Company, year: FinancialYear, draft: Draft) -> None:
    """The rules of POST /vouchers after the form of the body: F 5.1 rules 1, 2, 5, 6 and 7.

    The codes of rules 1, 2 and of an inactive account are placeholders (U, switches ``code_*``).
    """
    codes = company.switches
    series = year.series.get(draft.series)
    if series is None:
        raise invalid(codes.code_series_missing, f'Verifikationsserien "{draft.series}" finns inte')
    if not series.manual:
        raise invalid(codes.code_series_not_manual, f"Verifikationsserien är inte manuell ({draft.series})")
    for locker, last in (("Företaget", company.locked_through), ("Användaren", company.personally_locked_through)):
        if last is not None and draft.date <= last:
            raise invalid(2000401, f"{locker} har låst perioden t.o.m. {last}. Lås upp perioden för att fortsätta.")
    for row in draft.rows:
        _check_row(company, year, draft, row)
    if sum(row.amount for row in draft.rows) != 0:
        raise invalid(codes.code_unbalanced, "Verifikationen balanserar inte.")


def _check_row(company: Company, year: FinancialYear, draft: Draft, row: Row) -> None:
    code = company.switches.code_object
    account = year.accounts.get(row.account)
    if account is None:
        raise invalid(2001304, "Kunde inte hitta konto")
    if not account.active:
        raise invalid(company.switches.code_account_inactive, f'Konto "{row.account}" är inte aktivt')
    cost_center, project = row.cost_center or draft.cost_center, row.project or draft.project
    if account.cost_center_setting == "MANDATORY" and not cost_center:
        raise invalid(2000946, f"Kostnadsställe måste anges på konto {row.account}.")
    if account.project_setting == "MANDATORY" and not project:
        raise invalid(code, f"Projekt måste anges på konto {row.account}.")
    if cost_center:
        known = company.cost_centers.get(cost_center)
        if known is None:
            raise invalid(code, f'Kostnadsstället "{cost_center}" finns inte.')
        if not known.active:
            raise invalid(2000947, f'Kostnadsstället "{cost_center}" är inte aktivt.')
    if project:
        found = company.projects.get(project)
        if found is None:
            raise invalid(code, f'Projektet "{project}" finns inte.')
        if found.status == "COMPLETED" or _outside(draft.date, found.start, found.end):
            raise invalid(code, f'Projektet "{project}" är inte aktivt för perioden.')


def _outside(day: datetime.date, start: datetime.date | None, end: datetime.date | None) -> bool:
    return (start is not None and day < start) or (end is not None and day > end)
