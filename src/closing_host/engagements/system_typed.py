"""Choices for system entries as a person types them, on a page or at the command line."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from closing_host.api.errors import DataError
from closing_host.closing.system_entries import Choices
from closing_host.locale.amounts import typed_amount

WANTED: Final = ("excess_depreciation", "allocation")
"""Amounts that leave their rule out when nothing is stated."""

AMOUNTS: Final = (*WANTED, "non_deductible", "non_taxable", "losses")
RATES: Final = ("tax_rate", "standard_income_rate")
TEXTS: Final = (*AMOUNTS, *RATES, "result_account")
"""Fields of `Choices` that are typed as text."""

_RATE: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,4})?")


def with_typed(
    choices: Choices,
    typed: Mapping[str, str],
    reversals: Iterable[tuple[str, str]] = (),
    **switches: bool,
) -> Choices:
    """`choices` with what was typed in their place: `typed` by the names of `TEXTS`, where "" is nothing, `reversals`
    as account and amount, where "" is not chosen and 0 is, and `switches` by name.

    Raises `DataError` `system-amount-unreadable`, `system-rate-unreadable`.
    """
    values: dict[str, Any] = dict(switches)
    for name, text in ((name, text.strip()) for name, text in typed.items()):
        if name in AMOUNTS:
            values[name] = _amount(text) if text else (None if name in WANTED else 0)
        elif name in RATES:
            values[name] = _rate(text) if text else None
        else:
            values[name] = text
    stated = {account.strip(): text.strip() for account, text in reversals}
    chosen = {account: _amount(text) for account, text in stated.items() if text}
    kept = {account: amount for account, amount in choices.reversals.items() if account not in stated}
    values["reversals"] = kept | chosen
    return replace(choices, **values)


def typed_of(choices: Choices, spell: Callable[[int], str]) -> dict[str, str]:
    """What stands in the fields of `TEXTS` for the choices; `spell` writes an amount in öre."""
    stated: dict[str, str] = {"result_account": choices.result_account}
    for name in AMOUNTS:
        amount: int | None = getattr(choices, name)
        stated[name] = spell(amount) if amount or (amount is not None and name in WANTED) else ""
    for name in RATES:
        rate: Decimal | None = getattr(choices, name)
        stated[name] = "" if rate is None else f"{rate:f}"
    return stated


def _amount(text: str) -> int:
    try:
        return typed_amount(text)
    except ValueError:
        raise DataError("system-amount-unreadable", amount=text[:40]) from None


def _rate(text: str) -> Decimal:
    typed = text.removesuffix("%").strip()
    if not _RATE.fullmatch(typed):
        raise DataError("system-rate-unreadable", rate=text[:40])
    return Decimal(typed.replace(",", "."))
