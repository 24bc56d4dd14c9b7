"""Hypothesis strategies for ledgers: small, legal, and as odd as the tables allow."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from encodings import cp437
from functools import cache
from typing import Any, get_args

from hypothesis import strategies as st

from closing_host.api.ledger import (
    Address,
    BalanceKind,
    Company,
    FinancialYear,
    Ledger,
    LedgerBuilder,
    ObjectRef,
    Provenance,
    RowKind,
)
from closing_host.api.money import MAX_ORE

_HELD = "".join(character for character in cp437.decoding_table if character.isprintable())
_SPECIAL = ' "\\{}#\xa0åäö€'

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
"""Any text at all."""

SIE_TEXT = st.text(alphabet=st.sampled_from(_HELD) | st.sampled_from(_SPECIAL.replace("€", "")), max_size=12).filter(
    lambda text: not text.endswith("\\")
)
"""Text that a SIE file can hold: printable characters of code page 437, without a backslash at the end."""

ORE = st.integers(-MAX_ORE, MAX_ORE) | st.integers(-10_000, 10_000)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
ACCOUNTS = st.integers(1000, 8999).map(str)
DIMENSIONS = st.integers(1, 60)
MONTHS = st.builds(lambda year, month: year * 100 + month, st.integers(2020, 2030), st.integers(1, 12))
QUANTITIES = st.none() | st.decimals(-(10**30), 10**30, places=6) | st.integers(-100, 100).map(Decimal)
DAYS_OR_NONE = st.none() | DAYS
CHARTS = st.lists(ACCOUNTS, min_size=1, max_size=8, unique=True)
ACCOUNT_TYPES = st.sampled_from([None, "T", "S", "K", "I"])
SRU_CODES = st.lists(st.integers(1000, 9999).map(str), max_size=2, unique=True)
DIMENSION_LISTS = st.lists(DIMENSIONS, max_size=4, unique=True)
BALANCE_KINDS = st.lists(st.sampled_from(get_args(BalanceKind)), max_size=8)
ROW_KINDS: st.SearchStrategy[RowKind] = st.sampled_from(["booked", "booked", *get_args(RowKind)])
YEAR_INDEXES = st.integers(-2, 0)
ROWS_EACH = st.integers(0, 4)

# Strategies are made once: Hypothesis learns anew about each that it meets, which takes longer than to draw from it.


@cache
def or_none_said(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A text, or "" for none."""
    return st.just("") | texts


@cache
def numbers_or(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A voucher's number, or any other text."""
    return st.integers(1, 999).map(str) | texts


@cache
def addresses(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Address]:
    """An address, maybe empty."""
    return st.just(Address()) | st.builds(Address, *[texts] * 4)


@cache
def object_lists(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[ObjectRef]]:
    """What a row may be marked with."""
    return st.lists(st.tuples(DIMENSIONS, texts), max_size=3)


@st.composite
def years(draw: st.DrawFn) -> tuple[FinancialYear, ...]:
    """This year and up to two before it, each beginning where the one after ends; of any length up to 18 months."""
    start = draw(DAYS)
    found: list[FinancialYear] = []
    for index in range(draw(st.integers(1, 3))):
        end = start + timedelta(days=draw(st.integers(27, 545))) if index == 0 else found[-1].start - timedelta(days=1)
        if index:
            start = end - timedelta(days=draw(st.integers(27, 545)))
        found.append(FinancialYear(-index, start, end))
    return tuple(found)


@st.composite
def companies(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> Company:
    """A company, of which anything but the name may be unknown."""
    numbers = draw(st.sampled_from(["", "556677-8899", "5566778899", "16556677-8899"]))
    return Company(
        name=draw(texts),
        organisation_number=numbers,
        form=draw(st.sampled_from(["", "AB", "E", "HB"])),
        industry_code=draw(st.sampled_from(["", "62010"])),
        address=draw(addresses(texts)),
        source_id=draw(texts),
        acquisition_number=draw(st.sampled_from(["", "1"])) if numbers else "",
    )


@st.composite
def ledgers(draw: st.DrawFn, texts: st.SearchStrategy[str] = SIE_TEXT, most_vouchers: int = 6) -> Ledger:
    """A whole ledger. `texts`: what stands in names, texts, series, numbers, objects and signatures."""
    builder = LedgerBuilder(draw(companies(texts)), draw(years()))
    builder.provenance = Provenance(generated_on=draw(DAYS))
    accounts = draw(CHARTS)
    for account in accounts:
        kind = draw(ACCOUNT_TYPES)
        sru = draw(SRU_CODES)
        builder.add_account(account, draw(texts), type=kind, unit=draw(or_none_said(texts)), sru=sru)
    dimensions = draw(DIMENSION_LISTS)
    for place, dimension in enumerate(dimensions):
        parent = draw(st.sampled_from([None, *dimensions[:place]]))
        builder.add_dimension(dimension, draw(texts), parent=parent)
    declared = st.tuples(st.sampled_from(dimensions or [1]), texts)
    for dimension, code in draw(st.lists(declared, max_size=4, unique=True)):
        builder.add_object(dimension, code, draw(texts))
    objects = object_lists(texts)
    _add_balances(draw, builder, accounts, objects)
    for _ in range(draw(st.integers(0, most_vouchers))):
        builder.add_voucher(
            draw(texts),
            draw(numbers_or(texts)),
            draw(DAYS),
            draw(texts),
            registered_on=draw(DAYS_OR_NONE),
            signature=draw(or_none_said(texts)),
        )
        for _ in range(draw(ROWS_EACH)):
            _add_row(draw, builder, accounts, objects, texts)
    return builder.build()


def _add_balances(
    draw: st.DrawFn, builder: LedgerBuilder, accounts: Sequence[str], objects: st.SearchStrategy[list[ObjectRef]]
) -> None:
    for kind in draw(BALANCE_KINDS):
        monthly = kind in ("PSALDO", "PBUDGET")
        options: dict[str, Any] = {"period": draw(MONTHS)} if monthly else {}
        if monthly or kind in ("OIB", "OUB"):
            options["objects"] = draw(objects)
        builder.add_balance(
            kind,
            draw(st.sampled_from(accounts)),
            draw(ORE),
            year=draw(YEAR_INDEXES),
            quantity=draw(QUANTITIES),
            **options,
        )


def _add_row(
    draw: st.DrawFn,
    builder: LedgerBuilder,
    accounts: Sequence[str],
    objects: st.SearchStrategy[list[ObjectRef]],
    texts: st.SearchStrategy[str],
) -> None:
    builder.add_row(
        draw(st.sampled_from(accounts)),
        draw(ORE),
        kind=draw(ROW_KINDS),
        objects=draw(objects),
        date=draw(DAYS_OR_NONE),
        text=draw(or_none_said(texts)),
        quantity=draw(QUANTITIES),
        signature=draw(or_none_said(texts)),
    )
