"""*Balansavstämning* as a page lists it: which accounts, in which order, by account group with sums. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from closing_host.closing.main_schedules import Sums, group_of, sums_of
from closing_host.closing.standing import Standing
from closing_host.engagements import sheet_order
from closing_host.engagements.reconciling import AccountLine

Filter = Literal[""] | sheet_order.Only
Sort = Literal["", "difference", "status"]

FILTERS: Final[tuple[Filter, ...]] = ("", *get_args(sheet_order.Only))
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a sheet is shown. `only`: a filter; `search`: in number and name; `zero`: unused accounts too; `sort`:
    "" by account and in groups."""

    only: Filter = ""
    search: str = ""
    zero: bool = False
    sort: Sort = ""

    @property
    def stated(self) -> dict[str, str]:
        """What an address says of it."""
        said = {"only": self.only, "q": self.search, "zero": "1" if self.zero else "", "sort": self.sort}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts that stand together. `code`: two digits, "" for those of no group; None where all stand in one list."""

    code: str | None
    lines: tuple[AccountLine, ...]

    @property
    def sums(self) -> Sums:
        """Their sums."""
        return sums_of(self.lines)

    @property
    def done(self) -> int:
        """How many are *Klar*."""
        return sum(each.standing is Standing.DONE for each in self.lines)


def wanted_of(only: str, search: str, zero: str, sort: str) -> Wanted:
    """What an address says; what it says wrongly is not asked for."""
    return Wanted(
        next((each for each in FILTERS if each == only), ""),
        search.strip()[:100],
        zero == "1",
        next((each for each in SORTS if each == sort), ""),
    )


def shown_groups(lines: Iterable[AccountLine], wanted: Wanted) -> tuple[Group, ...]:
    """The lines that are asked for, grouped by account; with another order one list of all, the gravest first."""
    shown = [each for each in lines if _fits(each, wanted)]
    if wanted.sort == "":
        return grouped(shown)
    shown.sort(key=sheet_order.KEYS[wanted.sort])
    return (Group(None, tuple(shown)),) if shown else ()


def grouped(lines: Sequence[AccountLine]) -> tuple[Group, ...]:
    """The lines by account group, in the order of the accounts."""
    groups: dict[str, list[AccountLine]] = {}
    for line in sorted(lines, key=lambda each: each.account):
        groups.setdefault(group_of(line.account), []).append(line)
    return tuple(Group(code, tuple(own)) for code, own in groups.items())


def side_sums(groups: Iterable[Group]) -> tuple[Sums, Sums]:
    """The sums of the assets, and of equity and liabilities, among the lines that are shown."""
    lines = [line for group in groups for line in group.lines]
    assets, debts = ([each for each in lines if each.account.startswith(side)] for side in "12")
    return sums_of(assets), sums_of(debts)


def to_sign_off(groups: Iterable[Group], code: str | None = None) -> tuple[AccountLine, ...]:
    """The shown accounts that are not *Klar*, of one group or of all."""
    lines = (line for group in groups if code is None or group.code == code for line in group.lines)
    return tuple(each for each in lines if each.standing is not Standing.DONE)


def in_the_way(lines: Iterable[AccountLine]) -> tuple[AccountLine, ...]:
    """Those that cannot be *Klar* as they stand, because a comment is wanted."""
    return tuple(each for each in lines if each.wants_comment)


def _fits(line: AccountLine, wanted: Wanted) -> bool:
    if wanted.search.casefold() not in f"{line.account} {line.name}".casefold():
        return False
    return wanted.only == "" or sheet_order.WANTED[wanted.only](line)
