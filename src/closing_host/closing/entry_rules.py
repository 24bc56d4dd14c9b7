"""What a closing entry must be before it counts and is sent (P 7.5.1). A draft may lack most of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import polars as pl

from closing_host.api.errors import DataError
from closing_host.api.ledger import Ledger, ObjectRef
from closing_host.api.money import MAX_ORE, decimal_from_ore
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, month_of
from closing_host.closing.preflight.content import ROW_TEXT_LIMIT, TEXT_LIMIT, spelled, unsendable
from closing_host.ledgers.accounts import with_names

LONGEST_TEXT: Final = TEXT_LIMIT - len("V9999-999 ")
"""Characters of an entry's text, so that it fits with its number in front (P 7.6.4)."""

PROPOSED: Final = 3
"""How many known accounts are named beside an unknown one."""

_FIRM: Final = frozenset(
    {"entry-date-outside-year", "entry-period-unknown", "entry-text-too-long", "entry-amount-large"}
)


@dataclass(frozen=True, slots=True)
class Chart:
    """What an entry is held against: its year, both days included; the accounts with their names, and the objects."""

    year_start: date
    year_end: date
    accounts: Mapping[str, str]
    objects: frozenset[ObjectRef]


@dataclass(frozen=True, slots=True)
class EntryProblem:
    """Something that an entry lacks: a message code and its parameters; `row` is 1 for the first row.

    `firm`: not even a draft may have it.
    """

    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    row: int | None = None

    @property
    def firm(self) -> bool:
        """Whether it stands in the way of a draft too."""
        return self.code in _FIRM

    @property
    def error(self) -> DataError:
        """The same to be raised."""
        return DataError(self.code, **self.parameters)


def chart_of(ledger: Ledger, year_start: date, year_end: date) -> Chart:
    """The accounts and objects that the books declare or use."""
    stated = ledger.balances.filter(pl.col("year") == 0)  # of some accounts nothing else is said
    named = pl.concat([each.select("account") for each in (ledger.rows, stated)])
    used = with_names(named.drop_nulls().unique(), ledger)
    accounts = dict(used.select("account", "name").iter_rows())
    accounts |= dict(ledger.accounts.reverse().select("account", "name").iter_rows())  # the first declaration names it
    used_objects = ledger.rows.select(pl.col("objects").explode()).unique().drop_nulls().unnest("objects")
    objects = {*ledger.objects.select("dimension", "object").iter_rows(), *used_objects.iter_rows()}
    return Chart(year_start, year_end, accounts, frozenset(objects))


def problems(content: EntryContent, chart: Chart) -> tuple[EntryProblem, ...]:
    """All that stands in the way of the entry being ready: first of the whole, then row by row."""
    return (*_of_date(content, chart), *_of_text(content), *_of_rows(content, chart))


def check(content: EntryContent, chart: Chart, *, draft: bool) -> None:
    """Raises the first problem as `DataError`, of a draft the first that is firm."""
    for each in problems(content, chart):
        if each.firm or not draft:
            raise each.error


def check_not_for_transfer(entry: ClosingEntry, reason: str) -> None:
    """*Ej aktuell för överföring* is for the year-end period, with a reason (P 7.5.5).

    Raises `DataError` `entry-not-year-end`, `entry-reason-missing`.
    """
    if entry.content.period != YEAR_END:
        raise DataError("entry-not-year-end", entry=entry.label)
    if not reason.strip():
        raise DataError("entry-reason-missing", entry=entry.label)


def _of_date(content: EntryContent, chart: Chart) -> Iterator[EntryProblem]:
    day, year = content.date, {"date": content.date, "first": chart.year_start, "last": chart.year_end}
    if not chart.year_start <= day <= chart.year_end:
        yield EntryProblem("entry-date-outside-year", year)
    elif content.period == YEAR_END:
        if day != chart.year_end:
            yield EntryProblem("entry-date-not-last", year)
    elif content.period != month_of(day):
        yield EntryProblem("entry-period-unknown", {"period": content.period, "date": day})


def _of_text(content: EntryContent) -> Iterator[EntryProblem]:
    if not content.text.strip():
        yield EntryProblem("entry-text-missing")
    if len(content.text) > LONGEST_TEXT:
        yield EntryProblem("entry-text-too-long", {"length": len(content.text), "limit": LONGEST_TEXT})
    if wrong := unsendable(content.text):
        yield EntryProblem("entry-text-characters", {"characters": spelled(wrong)})


def _of_rows(content: EntryContent, chart: Chart) -> Iterator[EntryProblem]:
    if len(content.rows) < 2:
        yield EntryProblem("entry-rows-missing", {"count": len(content.rows)})
    for number, row in enumerate(content.rows, 1):
        place: dict[str, object] = {"row": number, "account": row.account}
        if row.amount == 0:
            yield EntryProblem("entry-row-zero", place, number)
        if abs(row.amount) > MAX_ORE:
            yield EntryProblem("entry-amount-large", place, number)
        if not row.account:
            yield EntryProblem("entry-account-missing", place, number)
        elif row.account not in chart.accounts:
            yield EntryProblem("entry-account-unknown", place | {"nearest": _nearest(row.account, chart)}, number)
        for dimension, code in row.objects:
            if (dimension, code) not in chart.objects:
                yield EntryProblem("entry-object-unknown", place | {"object": f"{dimension}:{code}"}, number)
        if len(row.text) > ROW_TEXT_LIMIT:
            sizes = {"length": len(row.text), "limit": ROW_TEXT_LIMIT}
            yield EntryProblem("entry-row-text-too-long", place | sizes, number)
        if wrong := unsendable(row.text):
            yield EntryProblem("entry-row-text-characters", place | {"characters": spelled(wrong)}, number)
    if total := sum(row.amount for row in content.rows):
        yield EntryProblem("entry-unbalanced", {"amount": decimal_from_ore(total)})


def _nearest(account: str, chart: Chart) -> str:
    """`2910 Upplupna löner, 2911 …`: the known accounts with the longest common beginning, the closest number first."""

    def apart(known: str) -> tuple[int, int, str]:
        common = max(size for size in range(len(account) + 1) if known[:size] == account[:size])
        numbers = known.isdecimal() and account.isdecimal()
        return -common, abs(int(known) - int(account)) if numbers else 0, known

    found = sorted(chart.accounts, key=apart)[:PROPOSED]
    return ", ".join(f"{each} {chart.accounts[each]}".strip() for each in found)
