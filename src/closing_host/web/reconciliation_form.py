"""The sheet of *Balansavstämning* as a form: what a browser sent of its rows, and what of it the user changed. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.standing import Figures, Review, Standing
from closing_host.engagements.reconciled_accounts import UNSEEN
from closing_host.engagements.reconciling import AccountLine
from closing_host.locale import Words
from closing_host.locale.amounts import typed_amount

CLOSING: Final = "="
"""Typed as an amount: what the account closes at."""

LONGEST: Final = 2001
"""Characters that are read of a field: one more than a comment may have, so that a longer one is told."""

_SHOWN: Final = re.compile(r"([a-z-]{1,20}) (-?[0-9]{1,18}) (-|-?[0-9]{1,18})")
_NO_AMOUNT: Final = "-"


@dataclass(frozen=True, slots=True)
class Shown:
    """How an account stood in the row that the user saw: what was typed there is an answer to that."""

    standing: Standing
    closing: int
    reconciled: int | None

    @classmethod
    def of(cls, line: AccountLine) -> "Shown":
        """What the row shows of the line."""
        return cls(line.standing, line.figures.closing, line.figures.reconciled)

    def __str__(self) -> str:
        """As the row's field holds it, öre: `started 90000 -`."""
        return f"{self.standing} {self.closing} {_NO_AMOUNT if self.reconciled is None else self.reconciled}"


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A row as it was sent. `version`: of the record that the user saw. None: the row had no such field."""

    account: str
    version: int
    shown: Shown
    typed: str | None
    comment: str | None
    done: bool
    review: Review | None
    review_comment: str

    @property
    def amount(self) -> int | None:
        """What is typed as reconciled amount, öre. Raises `DataError` `reconciled-unread`."""
        if not self.typed:
            return None
        if self.typed == CLOSING:
            return self.shown.closing
        try:
            return typed_amount(self.typed)
        except ValueError:
            raise DataError("reconciled-unread", account=self.account, amount=self.typed[:40]) from None

    @property
    def seen(self) -> Figures:
        """What *Klar* in this row signs: the closing balance shown, and the amount typed or else shown. Raises as
        `amount`."""
        return Figures(self.shown.closing, self.shown.reconciled if self.typed is None else self.amount)

    @property
    def pressed(self) -> bool:
        """Whether *Klar* was pressed, or taken back: a box that stands as it was shown says nothing."""
        return self.done != (self.shown.standing is Standing.DONE)

    def notes(self, line: AccountLine) -> bool:
        """Whether amount or comment differ from the record's. Raises as `amount`."""
        return self.retyped(line) or self.recommented(line)

    def retyped(self, line: AccountLine) -> bool:
        """Whether the amount does. Raises as `amount`."""
        return self.typed is not None and self.amount != line.record.typed

    def recommented(self, line: AccountLine) -> bool:
        """Whether the comment does."""
        return self.comment is not None and self.comment != line.record.comment

    def decides(self, line: AccountLine) -> bool:
        """Whether *Klar* is to be signed or taken back; not what was so already when the row waited for its turn."""
        if not self.done:
            return self.pressed and line.record.signed is not None
        return self.pressed and Shown.of(line) != Shown(Standing.DONE, self.seen.closing, self.seen.reconciled)

    def reviews(self, line: AccountLine) -> bool:
        """Whether the verdict differs, or what is said of it. Taking *Klar* back takes the review with it."""
        if self.review is None or (self.pressed and not self.done):
            return False
        record = line.record
        said = record.review_comment if record.review is not Review.NOT_REVIEWED else ""
        return (self.review, self.review_comment) != (record.review, said)

    def changes(self, line: AccountLine) -> bool:
        """Whether anything of it differs from the line. Raises as `amount`."""
        return self.notes(line) or self.decides(line) or self.reviews(line)


def typed_lines(form: Mapping[str, Any]) -> dict[str, TypedLine]:
    """The rows that were sent, by account: those that say what they showed."""
    rows = {}
    for name, value in form.items():
        if name.startswith("shown-") and isinstance(value, str) and (shown := _shown(value)) is not None:
            account = name.removeprefix("shown-")
            rows[account] = _line(form, account, shown)
    return rows


def not_kept(rows: Mapping[str, TypedLine], refused: Mapping[str, ClosingError]) -> dict[str, TypedLine]:
    """What of the rows could not be kept: amount and comment were, when *Klar* is refused for what was not shown."""
    kept_notes = {account for account, problem in refused.items() if problem.code in UNSEEN}
    return {
        account: replace(rows[account], typed=None, comment=None) if account in kept_notes else rows[account]
        for account in refused
    }


def shown_amount(words: Words, line: AccountLine, typed: TypedLine | None) -> str:
    """What stands in the row's amount field: what was typed and could not be kept, else the record's."""
    if typed is not None and typed.typed is not None:
        return typed.typed
    return words.amount(line.record.typed)


def shown_done(line: AccountLine, typed: TypedLine | None, problem: ClosingError | None) -> bool:
    """Whether the row's box is ticked: as it was pressed beside something that could not be kept, else as the account
    stands. A *Klar* that was itself refused, or was for another balance, is to be pressed again."""
    done = line.standing is Standing.DONE
    if typed is None or problem is None or not typed.pressed:
        return done
    if typed.done and (problem.code in {*UNSEEN, "sign-off-wants-comment"} or typed.shown.closing != line.closing):
        return done
    return typed.done


def _shown(value: str) -> Shown | None:
    said = _SHOWN.fullmatch(value)
    standing = next((each for each in Standing if said is not None and each == said[1]), None)
    if said is None or standing is None:
        return None
    return Shown(standing, int(said[2]), None if said[3] == _NO_AMOUNT else int(said[3]))


def _line(form: Mapping[str, Any], account: str, shown: Shown) -> TypedLine:
    def said(name: str) -> str | None:
        value = form.get(f"{name}-{account}")
        return value.strip()[:LONGEST].replace("\r\n", "\n") if isinstance(value, str) else None

    version, review = said("version") or "", said("review")
    return TypedLine(
        account,
        int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
        shown,
        said("typed"),
        said("comment"),
        said("done") is not None,
        next((each for each in Review if each == review), None),
        said("review-comment") or "",
    )
