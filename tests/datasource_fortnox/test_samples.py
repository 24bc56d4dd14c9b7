"""Real SIE files through Fortnox: loaded into the simulator, imported over HTTP, compared with the file itself.

Two readings by the same reader would agree about the reader's own mistakes, so a third witness is asked as well: the
figures of the samples' index, which other readers agree on, and the simulator's totals, made by its own tokeniser.
"""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import httpx
import polars as pl
import pytest

from closing_host import sie
from closing_host.api.context import ImportRequest
from closing_host.api.errors import UnsupportedFormat
from closing_host.api.ledger import FinancialYear, Ledger
from closing_host.ledgers.comparison import compare
from datasource_fortnox import plugin
from datasource_fortnox.completeness import follows
from datasource_fortnox.simulator import Clock, Simulator, Switches, totals
from fortnox_harness import Fortnox, installation
from hook_context import HookContext
from sie_samples import FOLDER, MISSING, sample_files

pytestmark = [pytest.mark.anyio, pytest.mark.skipif(not FOLDER.is_dir(), reason=MISSING)]

TENANT = 100001

ELIGIBLE = [
    "44_sie4.se",
    "BLBLOV_SIE4.SE",
    "BLBLOV_SIE4_ISO_8859_15.SE",
    "BLBLOV_SIE4_UTF_8_1.SE",
    "BLBLOV_SIE4_UTF_8_with_erroneous_taxar.SE",
    "BLBLOV_SIE4_UTF_8_with_errors.SE",
    "BLBLOV_SIE4_UTF_8_with_missing_sru_code.SE",
    "Bokslut Norstedts SIE 4E.se",
    "CC2-foretaget.SE",
    "SIE4 Exempelfil.SE",
    "SIE4_Exempelfil.SE",
    "Test4.SE",
    "Testbolaget_Enskild_firma.SE",
    "fortnox_Sie4.se",
    "typ4.se",
]

EXCLUDED = {
    "BL0001_typ4.SE": "a voucher number stands twice",
    "BLBLOV_SIE4_UTF_8_MISSING_ACCOUNTS.SE": "accounts used without #KONTO",
    "BLBLOV_SIE4_UTF_8_with_8_digit_account_number.SE": "account numbers that are not four digits",
    "BLBLOV_SIE4_UTF_8_with_empty_voucher.SE": "balances do not follow from the rows",
    "BLBLOV_SIE4_UTF_8_with_imbalanced_voucher.SE": "a voucher does not balance",
    "SIE4_Exempelfil_med_underdim.SE": "dimensions other than 1 and 6",
    "SIE_with_long_voucher_series_number.SE": "balances do not follow from the rows",
    "Sie4.se": "account numbers that are not four digits",
    "Sie4.si": "balances do not follow from the rows",
    "Sie4E1.SI": "vouchers without number",
    "Sie4E1ksumma.SI": "vouchers without number",
    "data-utf.se": "balances do not follow from the rows",
    "live2011.se": "vouchers without number",
    "sie 4.SE": "dimensions other than 1 and 6",
    "transaktioner_ovnbolag-bad-balance.se": "dimensions other than 1 and 6",
    "transaktioner_ovnbolag.se": "dimensions other than 1 and 6",
}
"""Type 4E files that Fortnox could not hold, each with the first reason."""

NO_QUANTITY = frozenset({"rows.quantity"})
"""Fortnox writes 0 where a file states nothing (F 4.3); one sample states quantities on some rows and not on all."""


def reason_against(ledger: Ledger) -> str:
    """Why Fortnox could not hold these books; "" when it can."""
    vouchers, rows = ledger.vouchers, ledger.rows
    sums = rows.filter(pl.col("kind") == "booked").group_by("voucher").agg(pl.col("amount").sum())
    used = pl.concat([rows["account"], ledger.balances["account"]]).drop_nulls()
    accounts = pl.concat([ledger.accounts["account"], used])
    dimensions = set(rows.explode("objects")["objects"].struct.field("dimension").drop_nulls())
    if vouchers.filter((pl.col("number") == "") | (pl.col("series") == "")).height:
        return "vouchers without number"
    if vouchers.select("series", "number").is_duplicated().any():
        return "a voucher number stands twice"
    if not accounts.str.contains(r"^\d{4}$").all():
        return "account numbers that are not four digits"
    if not set(used) <= set(ledger.accounts["account"]):
        return "accounts used without #KONTO"
    if dimensions - {1, 6}:
        return "dimensions other than 1 and 6"
    if (sums["amount"] != 0).any():
        return "a voucher does not balance"
    return "" if follows(ledger) else "balances do not follow from the rows"


def whole_books() -> dict[str, Ledger]:
    """The samples of type 4E with a year and vouchers."""
    found = {}
    for path in sample_files():
        try:
            ledger = sie.read(path)
        except UnsupportedFormat:
            continue
        if ledger.provenance.format == "SIE 4E" and ledger.year is not None and ledger.vouchers.height:
            found[path.name] = ledger
    return found


def indexed() -> dict[str, tuple[int, int, Decimal, Decimal, Decimal]]:
    """File name to #VER, #TRANS and the sums of #IB 0, #UB 0 and #RES 0, as the index states them."""
    found = {}
    for line in (FOLDER / "INDEX.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")][1:-1]
        if len(cells) == 18 and cells[3].isdigit():
            ib, ub, res = (Decimal(cell) for cell in cells[12:15])
            found[cells[0]] = (int(cells[9]), int(cells[10]), ib, ub, res)
    return found


def stated(ledger: Ledger, kind: str) -> dict[str, int]:
    """Öre by account of one kind of this year's balances, those that are not zero."""
    rows = ledger.balances.filter(
        (pl.col("kind") == kind) & (pl.col("year") == 0) & (pl.col("objects").list.len() == 0) & (pl.col("amount") != 0)
    )
    return dict(rows.select("account", "amount").iter_rows())


def test_the_list_says_which_samples_fortnox_can_hold_and_why_not() -> None:
    reasons = {name: reason_against(ledger) for name, ledger in whole_books().items()}
    assert {name: reason for name, reason in reasons.items() if reason} == EXCLUDED
    assert sorted(name for name, reason in reasons.items() if not reason) == ELIGIBLE


@asynccontextmanager
async def through_fortnox(path: Path, year: FinancialYear) -> AsyncIterator[tuple[Ledger, Simulator]]:
    clock = Clock.frozen("2026-02-14T09:00:00+00:00")
    simulator = Simulator(companies=[path], clock=clock, switches=Switches(rate_max=10_000))
    with simulator.running() as running:
        async with httpx.AsyncClient() as http:
            fortnox = Fortnox(running, installation(running), HookContext(http, clock=clock.now))
            async with fortnox.connected(TENANT) as (connection, context):
                yield await plugin.import_ledger(ImportRequest(year), connection, context), simulator


@pytest.mark.parametrize("name", ELIGIBLE)
async def test_a_sample_through_fortnox_equals_the_file_and_the_third_witness(name: str) -> None:
    file = sie.read(FOLDER / name)
    assert file.year is not None
    year = FinancialYear(0, file.year.start, file.year.end)
    async with through_fortnox(FOLDER / name, year) as (ledger, simulator):
        absent = plugin.CANNOT_HOLD | (NO_QUANTITY if name == "SIE4 Exempelfil.SE" else frozenset())
        assert compare(file, ledger, absent_in_b=absent).counts == dict.fromkeys(compare(file, file).counts, 0)

        (company,) = simulator.world.companies.values()
        (held,) = (totals(each) for each in company.years.values() if (each.start, each.end) == (year.start, year.end))
        witness = held.as_dict()
        for kind in ("IB", "UB", "RES"):
            expected = {account: amount for account, amount in witness[kind].items() if amount}
            assert stated(ledger, kind) == stated(file, kind) == expected

        vouchers, rows, *sums = indexed()[name]
        for each in (ledger, file):
            assert each.vouchers.height == vouchers
            assert each.rows.filter(pl.col("kind") == "booked").height == rows
            assert [Decimal(sum(stated(each, kind).values())).scaleb(-2) for kind in ("IB", "UB", "RES")] == sums


@pytest.mark.parametrize("mutation", ["drop", "double", "sign", "text", "account"])
async def test_one_wrong_row_in_a_thousand_is_seen(mutation: str) -> None:
    """What the test above proves with: it turns red for one row."""
    file = sie.read(FOLDER / "44_sie4.se")
    rows, chosen = file.rows, pl.int_range(pl.len()) == 500
    mutated = {
        "drop": rows.filter(~chosen),
        "double": pl.concat([rows, rows.filter(chosen)]),
        "sign": rows.with_columns(amount=pl.when(chosen).then(-pl.col("amount")).otherwise("amount")),
        "text": rows.with_columns(text=pl.when(chosen).then(pl.lit("x")).otherwise("text")),
        "account": rows.with_columns(account=pl.when(chosen).then(pl.lit("1910")).otherwise("account")),
    }[mutation]
    assert compare(file, dataclasses.replace(file, rows=mutated), absent_in_b=plugin.CANNOT_HOLD).count == 1
