"""The form of an own attachment between the browser and the rules: what stands in it, also while it is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from starlette.datastructures import FormData

from closing_host.api.errors import DataError
from closing_host.closing.schedule import COPYINGS, Copying, ScheduleRow, Standing, usual_standing
from closing_host.locale import Words
from closing_host.locale.amounts import typed_amount
from closing_host.storage.own_attachments import OwnAttachment

MOST_ROWS: Final = 400
"""Rows that are edited one by one; longer lists come from a file."""

_BEGUN_WITH: Final = 3
"""Empty rows of a new form."""

Line = tuple[str, str]
"""Text and amount as typed."""


@dataclass(frozen=True, slots=True)
class OwnForm:
    """`as_at`: as typed, "" for the year's last day. `basis`: the version that the user saw, 0 for a new one."""

    account: str
    lines: tuple[Line, ...]
    standing: Standing
    title: str = ""
    comment: str = ""
    copying: Copying = "with_data"
    as_at: str = ""
    basis: int = 0

    def rows(self) -> tuple[ScheduleRow, ...]:
        """What is to be kept; empty lines are left out. Raises `DataError` `own-row-amount` with the row's number."""
        kept = []
        for place, (text, amount) in enumerate(self.lines, 1):
            if text.strip() or amount.strip():
                kept.append(ScheduleRow(text.strip(), _ore(amount, place)))
        return tuple(kept)

    def total(self) -> int:
        """The sum of the amounts that can be read, in öre."""
        return sum(ore for _, amount in self.lines if (ore := _readable(amount)) is not None)

    def signed(self) -> int:
        """The same in the ledger's sign."""
        return self.total() if self.standing == "debit" else -self.total()

    def acted(self, action: str) -> "OwnForm":
        """With what a button did to its rows: `add`, or `remove:N`, N counted from 0."""
        lines = self.lines
        name, _, place = action.partition(":")
        if name == "add" and len(lines) < MOST_ROWS:
            lines = (*lines, ("", ""))
        if name == "remove" and place.isascii() and place.isdigit() and len(place) < 5:
            lines = (*lines[: int(place)], *lines[int(place) + 1 :])
        return replace(self, lines=lines)


def new_form(account: str, as_at: str = "") -> OwnForm:
    """An empty form for `account`. `as_at`: as `OwnForm` has it."""
    return OwnForm(account, (("", ""),) * _BEGUN_WITH, usual_standing(account), as_at=as_at)


def form_of(own: OwnAttachment, words: Words) -> OwnForm:
    """The form of what is kept."""
    said = own.schedule
    lines = tuple((row.text, words.amount(row.amount)) for row in said.rows)
    as_at = said.as_at.isoformat()
    return OwnForm(said.account, lines, said.standing, said.title, said.comment, said.copying, as_at, own.version)


def sent_form(form: FormData, account: str) -> OwnForm:
    """The form as the browser sent it. A choice that there is not falls back to the usual one."""

    def field(name: str) -> str:
        value = form.get(name, "")
        return value if isinstance(value, str) else ""

    texts, amounts = _texts(form.getlist("text")), _texts(form.getlist("amount"))
    basis, copying, standing = field("basis"), field("copying"), field("standing")
    return OwnForm(
        account,
        tuple(zip(texts, amounts, strict=False))[:MOST_ROWS],
        cast("Standing", standing) if standing in ("debit", "credit") else usual_standing(account),
        field("title"),
        field("comment").replace("\r\n", "\n"),
        copying if copying in COPYINGS else "with_data",
        field("as_at"),
        int(basis) if basis.isascii() and basis.isdigit() and len(basis) < 10 else 0,
    )


def _texts(values: Sequence[object]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _ore(amount: str, place: int) -> int:
    found = _readable(amount)
    if found is None:
        raise DataError("own-row-amount", row=place, text=amount.strip()[:40])
    return found


def _readable(amount: str) -> int | None:
    try:
        return typed_amount(amount)
    except ValueError:
        return None
