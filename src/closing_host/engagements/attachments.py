"""Attachments (bilagor) for receivables and payables: opening what is stored, its history, and what is so just now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from closing_host.api.context import Progress
from closing_host.api.errors import ClosingError
from closing_host.api.subledger import Side
from closing_host.closing import Attachment, attachment_of, item_changes
from closing_host.engagements.books import find_books, open_books
from closing_host.engagements.host import Host
from closing_host.storage.attachment_facts import read_facts
from closing_host.storage.attachment_notes import AttachmentNotes, ChosenAccounts
from closing_host.storage.attachments import AttachmentVersion, AttachmentVersions
from closing_host.storage.engagements import Engagement
from closing_host.storage.snapshot_records import Snapshot
from closing_host.transfers.attachments import bring_attachments
from closing_host.transfers.importing import year_in


@dataclass(frozen=True, slots=True, eq=False)
class OpenedAttachment:
    """A stored version, computed. `record`: which one, of which books (`fingerprint`), made by whom and when.

    `notes`: document to the user's note on it, as it stands now.
    """

    made: Attachment
    record: AttachmentVersion
    notes: Mapping[str, str]

    @property
    def as_recorded(self) -> bool:
        """Whether today's rules give the sums that were stored; True for another day, of which none were."""
        sums, record = self.made.reconciliation, self.record
        stated = (record.open, record.ledger, record.difference)
        return self.made.as_at != record.as_at or stated == (sums.open, sums.ledger, sums.difference)


AttachmentsState = Literal["made", "failed", "missing", "without", "not-offered"]
"""What the books have: the newest try made them; it failed; none was made (a crash came between); the company is
connected without sub-ledger; the books come from a source that states none, such as a file."""


@dataclass(frozen=True, slots=True)
class AttachmentHistory:
    """A year's versions, newest first, and how it stands with the books that `snapshot` is."""

    engagement: Engagement
    snapshot: Snapshot
    versions: tuple[AttachmentVersion, ...]
    state: AttachmentsState


@dataclass(frozen=True, slots=True, eq=False)
class AttachmentChanges:
    """One side in two versions, both as at the same day. `items`: as `closing.versions.CHANGES`."""

    before: OpenedAttachment
    after: OpenedAttachment
    items: pl.DataFrame


def open_attachments(
    host: Host, reference: str, *, as_at: date | None = None, version: int | None = None
) -> tuple[OpenedAttachment, ...]:
    """The stored attachments of the books `reference`, receivables first, as at the end of `as_at`.

    By default the newest version that was made beside these books, as at the day that it was made for. `version` is
    one of the year's, whichever books it belongs to. Raises `ClosingError` `attachments-not-made`,
    `attachment-version-unknown`, `attachment-version-failed`, and what `open_books` and the rules raise.
    """
    engagement, snapshot = find_books(host, reference)
    with host.store.database.read() as connection:
        versions = AttachmentVersions(connection, engagement.id).all(snapshot.year_start)
    if version is None:
        chosen = newest_made([each for each in versions if each.snapshot_id == snapshot.id])
        if not chosen:
            raise ClosingError(
                "attachments-not-made",
                name=engagement.name,
                year=f"{snapshot.year_start} – {snapshot.year_end}",
                snapshot=snapshot.id,
            )
    else:
        chosen = tuple(each for each in versions if each.version == version)
        if not chosen:
            raise ClosingError("attachment-version-unknown", version=version, name=engagement.name)
    return _opened(host, chosen, as_at)


async def read_attachments(
    host: Host, reference: str, as_at: date | None = None, *, watch: Progress
) -> tuple[Attachment, ...]:
    """Both sides as at the end of `as_at` (default: the year's last day), reconciled with the books of `reference`.

    The facts are asked of the engagement's source now; nothing is stored and nothing renewed. Raises what
    `open_books`, the connection, the source and the rules raise.
    """
    books = open_books(host, reference)
    with host.store.database.read() as connection:
        chosen = ChosenAccounts(connection, books.engagement.id).all()
    async with host.connections.open(books.engagement.id, lane="interactive") as opened:
        year = await year_in(opened, books.snapshot.year_start, books.snapshot.year_end, host.store)
        facts = await bring_attachments(opened, year, watch, host.store, control_accounts=chosen)
    return tuple(
        attachment_of(books.ledger, side, as_at, control_accounts=chosen.get(side.side, ())) for side in facts.values()
    )


def attachment_history(host: Host, reference: str) -> AttachmentHistory:
    """The versions of the year that `reference` names. Raises what `open_books` raises."""
    engagement, snapshot = find_books(host, reference)
    with host.store.database.read() as connection:
        versions = AttachmentVersions(connection, engagement.id).all(snapshot.year_start)
    beside = [each for each in versions if each.snapshot_id == snapshot.id]
    return AttachmentHistory(engagement, snapshot, versions, _state(host, engagement, beside))


def attachment_changes(
    host: Host, reference: str, before: int | None = None, after: int | None = None
) -> tuple[AttachmentChanges, ...]:
    """What changed from version `before` (default: the one made before `after`) to `after` (default: the newest).

    Both are computed as at the day that `after` was made for. A side that one of them lacks is left out. Raises as
    `open_attachments`, and `attachment-version-alone` when there is nothing to compare with.
    """
    history = attachment_history(host, reference)
    made = sorted({each.version for each in history.versions if each.error_code is None}, reverse=True)
    if after is None and made:
        after = made[0]
    if before is None:
        before = next((each for each in made if after is not None and each < after), None)
    if before is None or after is None:
        raise ClosingError("attachment-version-alone", name=history.engagement.name)
    newer = open_attachments(host, reference, version=after)
    older = open_attachments(host, reference, version=before, as_at=newer[0].made.as_at)
    by_side = {each.record.side: each for each in older}
    return tuple(
        AttachmentChanges(
            by_side[each.record.side], each, item_changes(by_side[each.record.side].made.items, each.made.items)
        )
        for each in newer
        if each.record.side in by_side
    )


def newest_made(versions: Sequence[AttachmentVersion]) -> tuple[AttachmentVersion, ...]:
    """The sides of the newest making that succeeded; empty when none did. `versions` newest first."""
    newest = next((each.version for each in versions if each.error_code is None), None)
    return tuple(each for each in versions if each.version == newest)


def _state(host: Host, engagement: Engagement, versions: Sequence[AttachmentVersion]) -> AttachmentsState:
    if versions:
        return "made" if versions[0].error_code is None else "failed"
    source = host.sources.sources.get(engagement.source_id)
    if source is None or "attachments" not in source.operations:
        return "not-offered"
    return "without" if "attachments" in host.connections.view(engagement.id).without else "missing"


def _opened(host: Host, versions: Sequence[AttachmentVersion], as_at: date | None) -> tuple[OpenedAttachment, ...]:
    opened = []
    books = versions[0]
    ledger = host.store.snapshots.load(books.engagement_id, books.snapshot_id)
    for each in versions:
        if each.facts is None:
            raise ClosingError("attachment-version-failed", version=each.version)
        facts = read_facts(host.store.blobs, each.facts)
        made = attachment_of(ledger, facts, as_at or each.as_at, control_accounts=each.control_accounts)
        opened.append(OpenedAttachment(made, each, _notes(host, each.engagement_id, each.year_start, each.side)))
    return tuple(opened)


def _notes(host: Host, engagement_id: int, year_start: date, side: Side) -> dict[str, str]:
    with host.store.database.read() as connection:
        return {
            each.document: each.text
            for each in AttachmentNotes(connection, engagement_id).of(year_start, side).values()
        }
