"""The form of a V (*manuell verifikation*): what was typed, as text, and what it means. Nothing typed is ever lost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from closing_host.api.errors import DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, EntryContent, Origin, month_of
from closing_host.closing.entry_rules import Chart, EntryProblem, problems
from closing_host.locale import Words
from closing_host.locale.amounts import typed_amount

FEWEST_ROWS: Final = 4
MORE_ROWS: Final = 4
MOST_ROWS: Final = 100

FIELDS: Final[Mapping[str, str]] = {
    "entry-date-outside-year": "date",
    "entry-date-not-last": "date",
    "entry-period-unknown": "date",
    "entry-form-date": "date",
    "entry-text-missing": "text",
    "entry-text-too-long": "text",
    "entry-text-characters": "text",
    "entry-account-missing": "account",
    "entry-account-unknown": "account",
    "entry-row-zero": "debit",
    "entry-amount-large": "debit",
    "entry-form-amount": "debit",
    "entry-form-both": "credit",
    "entry-object-unknown": "object",
    "entry-row-text-too-long": "row-text",
    "entry-row-text-characters": "row-text",
}
"""Message code to the field that it is about; what is not here concerns the rows together."""

_UNREADABLE: Final = "entry-form-"
"""What cannot even be kept as a draft, since there is no figure or day to keep."""


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row as it stands in the form. `objects`: dimension to what was typed for it."""

    account: str = ""
    debit: str = ""
    credit: str = ""
    text: str = ""
    objects: Mapping[int, str] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        """Whether nothing was typed in it."""
        return not any((self.account, self.debit, self.credit, self.text, *self.objects.values()))


@dataclass(frozen=True, slots=True)
class TypedEntry:
    """The form as it was typed. `closing`: *Årsavslut*, whatever `date` says."""

    text: str = ""
    closing: bool = True
    date: str = ""
    reversed_next: bool = False
    rows: tuple[TypedRow, ...] = ()

    def padded(self, more: bool = False) -> tuple[TypedRow, ...]:
        """The rows and blank ones after them, to be typed in."""
        wanted = max(FEWEST_ROWS, len(self.rows) + (MORE_ROWS if more or not self.rows else 1))
        return self.rows + (TypedRow(),) * (min(wanted, MOST_ROWS) - len(self.rows))


@dataclass(frozen=True, slots=True)
class Read:
    """What the form means. `debit`, `credit`: öre of the rows that can be read; `content`: of all that can be read,
    with `firm` what it lacks even for a draft."""

    content: EntryContent
    found: tuple[EntryProblem, ...]

    @property
    def debit(self) -> int:
        """The debit rows' sum."""
        return sum(row.amount for row in self.content.rows if row.amount > 0)

    @property
    def credit(self) -> int:
        """The credit rows' sum, positive."""
        return -sum(row.amount for row in self.content.rows if row.amount < 0)

    def standing_in_the_way(self, *, draft: bool) -> tuple[EntryProblem, ...]:
        """What keeps it from being saved."""
        return tuple(each for each in self.found if not draft or each.firm or each.code.startswith(_UNREADABLE))


def typed_in(form: Mapping[str, Any], dimensions: Iterable[int]) -> TypedEntry:
    """What a browser sent. Blank rows are left out, so that rows are numbered as they are shown."""
    held, numbers = tuple(dimensions), range(1, MOST_ROWS + 1)

    def said(name: str) -> str:
        value = form.get(name, "")
        return value.strip()[:1000] if isinstance(value, str) else ""

    rows = (
        TypedRow(
            said(f"account-{each}"),
            said(f"debit-{each}"),
            said(f"credit-{each}"),
            said(f"row-text-{each}"),
            {one: said(f"object-{one}-{each}") for one in held if said(f"object-{one}-{each}")},
        )
        for each in numbers
    )
    kept = tuple(each for each in rows if not each.blank)
    return TypedEntry(said("text"), said("period") != "day", said("date"), said("reversed") == "yes", kept)


def typed_of(content: EntryContent, words: Words, accounts: Mapping[str, str]) -> TypedEntry:
    """An entry as it stands in the form."""
    rows = tuple(
        TypedRow(
            f"{row.account} {accounts.get(row.account, '')}".strip(),
            words.amount(row.amount) if row.amount > 0 else "",
            words.amount(-row.amount) if row.amount < 0 else "",
            row.text,
            {one: "; ".join(code for number, code in row.objects if number == one) for one, _ in row.objects},
        )
        for row in content.rows
    )
    closing = content.period == YEAR_END
    return TypedEntry(content.text, closing, content.date.isoformat(), content.reversed_next, rows)


def read(typed: TypedEntry, chart: Chart, *, with_rules: bool = True) -> Read:
    """What was typed, and all that is wrong with it, the whole first, then row by row."""
    wrong: list[EntryProblem] = []
    day = chart.year_end
    if not typed.closing:
        try:
            day = date.fromisoformat(typed.date)
        except ValueError:
            wrong.append(EntryProblem("entry-form-date", {"date": typed.date or "–"}))
    rows = tuple(_row(each, number, chart, wrong) for number, each in enumerate(typed.rows, 1))
    period = YEAR_END if typed.closing else month_of(day)
    content = EntryContent(day, typed.text, rows, period, typed.reversed_next)
    unread = {each.row for each in wrong}
    found = problems(content, chart) if with_rules else ()
    # A figure that cannot be read is neither zero nor out of balance.
    ruled = [
        each
        for each in found
        if not (each.code == "entry-row-zero" and each.row in unread)
        and not (each.code == "entry-unbalanced" and any(unread - {None}))
    ]
    return Read(content, (*wrong, *ruled))


def typed_day(stated: str) -> date | None:
    """A day of a form, None for none. Raises `DataError` `entry-form-date`."""
    try:
        return date.fromisoformat(stated) if stated else None
    except ValueError:
        raise DataError("entry-form-date", date=stated) from None


def origin_of(kind: str, subject: str, chart: Chart) -> Origin:
    """What the form says that the entry was made from; by hand when it says nothing that could be."""
    if kind == "difference" and subject in chart.accounts:
        return Origin("difference", subject)
    side, _, rest = subject.partition(":")
    version, _, code = rest.partition(":")
    sound = version.isascii() and version.isdigit() and code.replace("-", "").isalnum() and len(subject) < 100
    if kind == "attachment" and side in ("receivables", "payables") and sound:
        return Origin("attachment", subject)
    return Origin()


def _row(typed: TypedRow, number: int, chart: Chart, wrong: list[EntryProblem]) -> DraftRow:
    amounts = {}
    for side in ("debit", "credit"):
        stated = getattr(typed, side)
        try:
            amounts[side] = typed_amount(stated) if stated else 0
        except ValueError:
            amounts[side] = 0
            wrong.append(EntryProblem("entry-form-amount", {"row": number, "amount": stated}, number))
    if amounts["debit"] and amounts["credit"]:
        wrong.append(EntryProblem("entry-form-both", {"row": number}, number))
    objects = tuple((one, code) for one, stated in sorted(typed.objects.items()) for code in _codes(one, stated, chart))
    return DraftRow(_account(typed.account, chart), amounts["debit"] - amounts["credit"], objects, typed.text)


def _account(stated: str, chart: Chart) -> str:
    """`1510 Kundfordringar`, as the list of accounts puts it in, or the number alone."""
    return stated if stated in chart.accounts or not stated else stated.split(maxsplit=1)[0]


def _codes(dimension: int, stated: str, chart: Chart) -> tuple[str, ...]:
    if (dimension, stated) in chart.objects:
        return (stated,)
    return tuple(each.strip() for each in stated.split(";") if each.strip())
