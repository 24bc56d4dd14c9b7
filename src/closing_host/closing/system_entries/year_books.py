"""What the books say for the system entries of a year, and of the year that follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from closing_host.closing.tax_reserves import new_reserve

COMPANY: Final = frozenset({"AB", "EK", "BAB", "FAB"})
"""Legal forms (#FTYP) that pay income tax themselves by the rules here."""

SOLE_TRADER: Final = frozenset({"E", "EF"})

BAS_NAMES: Final[Mapping[str, str]] = {
    "2010": "Eget kapital",
    "2019": "Årets resultat",
    "2099": "Årets resultat",
    "2153": "Ackumulerade överavskrivningar",
    "2510": "Skatteskulder",
    "2512": "Beräknad inkomstskatt",
    "8811": "Avsättning till periodiseringsfond",
    "8819": "Återföring från periodiseringsfond",
    "8853": "Förändring av överavskrivningar",
    "8910": "Skatt som belastar årets resultat",
    "8999": "Årets resultat",
}
"""Accounts that the rules book on, for books whose chart does not have them yet."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A voucher or closing entry of the next year that moves nothing but a sole trader's equity, 2010 among it: öre by
    account, debit positive."""

    date: date
    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class NextYear:
    """The year after, once the engagement has it. `opening`: as its books state it, None before its first import.

    `transfers`: with the closing entries that count, without the system entries that are made anew.
    """

    opening: Mapping[str, int] | None = None
    transfers: tuple[Transfer, ...] = ()


@dataclass(frozen=True, slots=True)
class YearBooks:
    """The year's accounts as the rules see them: the ledger with the entries that count, without the system entries
    that are not transferred, which are made anew.

    `closing` and `opening`: öre by account, debit positive. `names`: the chart's. `form`: legal form as #FTYP.
    `next`: None while the engagement does not have the year after.
    """

    start: date
    end: date
    form: str
    closing: Mapping[str, int]
    opening: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    next: NextYear | None = None

    @property
    def is_company(self) -> bool:
        """Whether it pays income tax itself."""
        return self.form.upper() in COMPANY

    @property
    def is_sole_trader(self) -> bool:
        """Whether its equity is the owner's, without a result account of its own (P 7.5.3 S-f)."""
        return self.form.upper() in SOLE_TRADER

    @property
    def day_after(self) -> date:
        """The first day of the next year."""
        return self.end + timedelta(days=1)

    def name_of(self, account: str) -> str:
        """The chart's name of an account, else the one that BAS gives to an account of the rules; "" for any other."""
        if name := self.names.get(account):
            return name
        if account == new_reserve(self.end.year):
            return f"Periodiseringsfond {self.end.year}"
        return BAS_NAMES.get(account[:4], "")

    def account(self, number: str) -> str:
        """The chart's own account for the BAS number: itself, or the only longer one that begins with it."""
        if number in self.names or number in self.closing:
            return number
        longer = [each for each in {*self.names, *self.closing} if each.startswith(number)]
        return longer[0] if len(longer) == 1 else number
