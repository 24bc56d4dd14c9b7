"""What the user added to attachments: notes on invoices, and the control accounts of his choice.

Both belong to the engagement, not to a version, so they survive every import. The trail tells of them by hash, never
by text: a note may name a person.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, insert, select

from closing_host.api.subledger import Side
from closing_host.storage.attachment_tables import attachment_accounts, attachment_note
from closing_host.storage.audit import Action, Trail
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection


@dataclass(frozen=True, slots=True)
class Note:
    """A note on one document (invoice)."""

    document: str
    text: str
    author: str
    noted_at: datetime


class AttachmentNotes:
    """The notes of one engagement."""

    def __init__(self, connection: Connection, engagement_id: int) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id

    def of(self, year_start: date, side: Side) -> dict[str, Note]:
        """The notes of a year and side, by document."""
        note = attachment_note
        query = select(note.c.document, note.c.text, note.c.author, note.c.noted_at).where(
            note.c.engagement_id == self.engagement_id, note.c.year_start == year_start, note.c.side == side
        )
        return {row["document"]: Note(**row) for row in self._connection.execute(query.order_by("document")).mappings()}

    def write(self, trail: Trail, year_start: date, side: Side, document: str, text: str) -> None:
        """Note `text` on the document in place of what stood there; "" removes the note."""
        before = self.of(year_start, side).get(document)
        note = attachment_note
        key = {"engagement_id": self.engagement_id, "year_start": year_start, "side": side, "document": document}
        crashpoint("note.before_row")
        self._connection.execute(delete(note).where(*(note.c[name] == value for name, value in key.items())))
        if text:
            values = {"text": text, "author": trail.actor.name, "noted_at": trail.clock()}
            self._connection.execute(insert(note).values(key | values))
        crashpoint("note.after_row")
        trail.append(
            Action.ATTACHMENT_NOTED,
            engagement_id=self.engagement_id,
            object=object_of_notes(self.engagement_id, year_start, side),
            before=hash_of(before.text) if before else "",
            after=hash_of(text) if text else "",
            details={"document": document},
        )


class ChosenAccounts:
    """The control accounts that the user chose for one engagement."""

    def __init__(self, connection: Connection, engagement_id: int) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id

    def all(self) -> dict[Side, tuple[str, ...]]:
        """The choice by side; a side without choice is missing."""
        query = select(attachment_accounts).where(attachment_accounts.c.engagement_id == self.engagement_id)
        return {row.side: tuple(row.accounts) for row in self._connection.execute(query)}

    def choose(self, trail: Trail, side: Side, accounts: Sequence[str]) -> None:
        """Remember the choice; none takes it back."""
        before = self.all().get(side, ())
        chosen = attachment_accounts
        crashpoint("accounts.before_row")
        self._connection.execute(
            delete(chosen).where(chosen.c.engagement_id == self.engagement_id, chosen.c.side == side)
        )
        if accounts:
            values = {"accounts": [*accounts], "chosen_at": trail.clock(), "chosen_by": trail.actor.name}
            self._connection.execute(insert(chosen).values(engagement_id=self.engagement_id, side=side, **values))
        crashpoint("accounts.after_row")
        trail.append(
            Action.ATTACHMENT_ACCOUNTS,
            engagement_id=self.engagement_id,
            object=f"accounts:{self.engagement_id}:{side}",
            details={"before": [*before], "after": [*accounts]},
        )


def object_of_notes(engagement_id: int, year_start: date, side: str) -> str:
    """What the trail calls the notes of a year and side."""
    return f"note:{engagement_id}:{year_start}:{side}"


def hash_of(text: str) -> str:
    """The hash by which the trail knows a note."""
    return hashlib.sha256(text.encode()).hexdigest()
