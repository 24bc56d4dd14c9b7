"""Invoices in foreign currency, in kronor as they were booked.

Nobody says whether Fortnox states such an invoice's total in its currency or in kronor (F 12), so the voucher that
booked it decides: its rows on the control accounts are the kronor, and together with the rate they tell the unit. They
are also exact where total times rate is not, because each row was rounded by itself. A voucher that is further off
than rounding explains was corrected, and then the invoice is right: the host shows the difference.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from datasource_fortnox.models import Voucher

Unit = Literal["currency", "kronor"]

_ROUNDING: Final = Decimal(1)  # krona: F 6.5


@dataclass(frozen=True, slots=True)
class Valued:
    """A foreign invoice: total and balance in öre, and the total in hundredths of its currency."""

    total: int
    foreign: int


def hundredths(amount: Decimal, rate: Decimal = Decimal(1)) -> int:
    """`amount` times `rate` in hundredths, half up: öre of kronor, cents of a currency."""
    return int((amount * rate * 100).to_integral_value(ROUND_HALF_UP))


def booked_on(voucher: Voucher, accounts: Iterable[str], sign: int) -> Decimal:
    """Kronor that the voucher books on the accounts, positive for what is owed. `sign`: 1 for claims, -1 for debts."""
    chosen = set(accounts)
    rows = [row.amount for row in voucher.booked_rows if str(row.account) in chosen]
    return sign * sum(rows, Decimal(0))


def unit_shown_by(total: Decimal, rate: Decimal, booked: Decimal) -> Unit | None:
    """In which unit `total` is, seen from what was booked; None when neither fits."""
    if abs(total * rate - booked) <= _ROUNDING:
        return "currency"
    return "kronor" if abs(total - booked) <= _ROUNDING else None


def valued(total: Decimal, rate: Decimal, unit: Unit, booked: Decimal | None) -> Valued:
    """The invoice in both currencies. `booked`: kronor by its voucher, None without one."""
    kronor, foreign = (total * rate, total) if unit == "currency" else (total, total / rate)
    if booked is not None and abs(kronor - booked) <= _ROUNDING:
        kronor = booked
    return Valued(hundredths(kronor), hundredths(foreign))


def settled(invoice: Valued, rate: Decimal, paid: Sequence[int]) -> list[int]:
    """By how many öre each payment reduces the invoice: at the invoice's rate, the last one by all that is left.

    `paid`: hundredths of the currency in the order of booking, write-offs included.
    """
    reductions: list[int] = []
    for position, amount in enumerate(paid):
        rest = invoice.foreign == sum(paid[: position + 1])
        reductions.append(invoice.total - sum(reductions) if rest else hundredths(Decimal(amount).scaleb(-2), rate))
    return reductions


def balance_of(invoice: Valued, rate: Decimal, unit: Unit, balance: Decimal, paid: int, left: int) -> int:
    """The balance that Fortnox states, in öre at the invoice's rate.

    `paid`: hundredths of the currency by all payments; `left`: öre that they left. Where the balance agrees with the
    payments in the currency it is what they left, so that rounding makes no difference.
    """
    if unit == "kronor":
        return hundredths(balance)
    gone = invoice.foreign - hundredths(balance)
    return left if gone == paid else invoice.total - hundredths(Decimal(gone).scaleb(-2), rate)
