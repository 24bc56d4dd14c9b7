"""How an account stands in a period (P 7.2): what was typed, signed off and reviewed, and what moved since.

Pure. The figures are the books' now; the record is what the user did. Whether a sign-off still holds is computed from
both each time, so that no import has to touch the records and none can be forgotten.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from closing_host.api.errors import DataError

LONGEST_COMMENT: Final = 2000


class Standing(StrEnum):
    """Status of an account in a period."""

    NOT_STARTED = "not-started"  # Ej påbörjad
    STARTED = "started"  # Pågår
    DONE = "done"  # Klar
    CHANGED = "changed"  # Ändrad efter klar


class Review(StrEnum):
    """*Kvalitetssäkring*."""

    NOT_REVIEWED = "not-reviewed"  # Ej granskad
    APPROVED = "approved"  # Godkänd
    REJECTED = "rejected"  # Ej godkänd


@dataclass(frozen=True, slots=True)
class Figures:
    """An account at a period's end. Öre, debit positive.

    `reconciled` is what it is reconciled to, None when nothing says (never 0 for that). `attached`: it is the sum of
    the account's attachments, and not typed.
    """

    closing: int
    reconciled: int | None = None
    attached: bool = False

    @property
    def difference(self) -> int | None:
        """*Avstämningsdifferens*, in the ledger's sign; None when nothing is reconciled. There is no tolerance."""
        return None if self.reconciled is None else self.closing - self.reconciled


@dataclass(frozen=True, slots=True)
class SignOff:
    """*Klar*: who, when, by which import, and the figures then."""

    by: str
    at: datetime
    fingerprint: str
    closing: int
    reconciled: int | None


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What the user did with an account in a period. `typed`: the reconciled amount typed in, öre."""

    typed: int | None = None
    comment: str = ""
    signed: SignOff | None = None
    review: Review = Review.NOT_REVIEWED
    review_comment: str = ""
    reviewed_by: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a signed-off figure was and is: "closing" or "reconciled"; öre."""

    figure: str
    before: int | None
    after: int | None


UNTOUCHED: Final = AccountRecord()


def figures_of(closing: int, record: AccountRecord, attached: int | None) -> Figures:
    """The account's figures: with attachments their sum reconciles it, else what was typed (P 7.2)."""
    if attached is not None:
        return Figures(closing, attached, attached=True)
    return Figures(closing, record.typed)


def moved(record: AccountRecord, figures: Figures) -> tuple[Moved, ...]:
    """What differs from the sign-off; empty while it holds, or before one."""
    signed = record.signed
    if signed is None:
        return ()
    pairs = (("closing", signed.closing, figures.closing), ("reconciled", signed.reconciled, figures.reconciled))
    return tuple(Moved(name, before, after) for name, before, after in pairs if before != after)


def standing_of(record: AccountRecord, figures: Figures) -> Standing:
    """The status: nothing is stored that could disagree with the books."""
    if record.signed is not None:
        return Standing.CHANGED if moved(record, figures) else Standing.DONE
    touched = record.typed is not None or record.comment != "" or figures.attached
    return Standing.STARTED if touched else Standing.NOT_STARTED


def review_of(record: AccountRecord, figures: Figures) -> Review:
    """The review, which falls back to *Ej granskad* when the status leaves *Klar*."""
    return record.review if standing_of(record, figures) is Standing.DONE else Review.NOT_REVIEWED


def wants_comment(figures: Figures) -> bool:
    """Whether *Klar* wants a comment: there is a difference, or a balance that nothing reconciles (BFNAR 2013:2)."""
    if figures.reconciled is None:
        return figures.closing != 0
    return figures.difference != 0


def check_sign_off(account: str, record: AccountRecord, figures: Figures) -> None:
    """Raises `DataError` `sign-off-wants-comment` for an account that cannot be *Klar* as it stands."""
    if wants_comment(figures) and not record.comment.strip():
        raise DataError("sign-off-wants-comment", account=account)


def check_typed(account: str, figures: Figures) -> None:
    """Raises `DataError` `reconciled-by-attachment` where typing an amount would change nothing."""
    if figures.attached:
        raise DataError("reconciled-by-attachment", account=account)


def check_comment(account: str, comment: str) -> None:
    """Raises `DataError` `comment-too-long`."""
    if len(comment) > LONGEST_COMMENT:
        raise DataError("comment-too-long", account=account, length=len(comment), limit=LONGEST_COMMENT)


def check_review(account: str, record: AccountRecord, figures: Figures, reviewer: str, *, others_only: bool) -> None:
    """Raises `DataError` `review-not-done` unless the account is *Klar*, and `review-by-the-same` when the reviewer
    signed it off and the setting (off until there are named users) wants another person."""
    if standing_of(record, figures) is not Standing.DONE:
        raise DataError("review-not-done", account=account)
    if others_only and record.signed is not None and record.signed.by == reviewer:
        raise DataError("review-by-the-same", account=account, by=reviewer)
