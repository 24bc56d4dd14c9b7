"""The sheet of *Balansavstämning* as a form: what a browser sent of its rows, and what of it the user changed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from closing_host.api.errors import DataError
from closing_host.closing.standing import Review, Standing
from closing_host.engagements.reconciling import AccountLine
from closing_host.locale import Words
from closing_host.locale.amounts import typed_amount

CLOSING: Final = "="
"""Typed as an amount: what the account closes at."""

LONGEST: Final = 2001
"""Characters that are read of a field: one more than a comment may have, so that a longer one is told."""


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A row as it was sent. `version`: of the record that the user saw. None: the row had no such field."""

    account: str
    version: int
    typed: str | None
    comment: str | None
    done: bool
    review: Review | None
    review_comment: str

    def amount(self, line: AccountLine) -> int | None:
        """What is typed as reconciled amount, öre. Raises `DataError` `reconciled-unread`."""
        if not self.typed:
            return None
        if self.typed == CLOSING:
            return line.closing
        try:
            return typed_amount(self.typed)
        except ValueError:
            raise DataError("reconciled-unread", account=self.account, amount=self.typed[:40]) from None

    def notes(self, line: AccountLine) -> bool:
        """Whether amount or comment differ from the record's. Raises as `amount`."""
        return self.retyped(line) or (self.comment is not None and self.comment != line.record.comment)

    def retyped(self, line: AccountLine) -> bool:
        """Whether the amount does. Raises as `amount`."""
        return self.typed is not None and self.amount(line) != line.record.typed

    def decides(self, line: AccountLine) -> bool:
        """Whether *Klar* is pressed, or taken back. An account that moved since is not *Klar* until it is pressed."""
        return self.done != (line.standing is Standing.DONE)

    def reviews(self, line: AccountLine) -> bool:
        """Whether the verdict differs, or what is said of it. Without *Klar* there is none."""
        if self.review is None or line.standing is not Standing.DONE:
            return False
        said = line.record.review_comment if line.review is not Review.NOT_REVIEWED else ""
        return (self.review, self.review_comment) != (line.review, said)

    def changes(self, line: AccountLine) -> bool:
        """Whether anything of it differs from the line. Raises as `amount`."""
        return self.notes(line) or self.decides(line) or self.reviews(line)


def typed_lines(form: Mapping[str, Any]) -> dict[str, TypedLine]:
    """The rows that were sent, by account: those of which the version was."""
    accounts = [name.removeprefix("version-") for name in form if name.startswith("version-")]
    return {account: _line(form, account) for account in accounts}


def shown_amount(words: Words, line: AccountLine, typed: TypedLine | None) -> str:
    """What stands in the row's amount field: what was typed and could not be kept, else the record's."""
    if typed is not None and typed.typed is not None:
        return typed.typed
    return words.amount(line.record.typed)


def _line(form: Mapping[str, Any], account: str) -> TypedLine:
    def said(name: str) -> str | None:
        value = form.get(f"{name}-{account}")
        return value.strip()[:LONGEST].replace("\r\n", "\n") if isinstance(value, str) else None

    version, review = said("version") or "", said("review")
    return TypedLine(
        account,
        int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
        said("typed"),
        said("comment"),
        said("done") is not None,
        next((each for each in Review if each == review), None),
        said("review-comment") or "",
    )
