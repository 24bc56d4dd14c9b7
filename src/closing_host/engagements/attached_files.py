"""Attached files (bifogade filer): taking them in, listing, handing out, taking away."""

from pathlib import Path, PurePosixPath
from typing import BinaryIO

from closing_host.api.errors import ClosingError, DataError, TemporaryError
from closing_host.closing.attached_files import FILE_TYPES, MOST_BYTES, FileType, kept_name, recognise, saved_name
from closing_host.closing.schedule import Schedule, check_schedule, usual_standing
from closing_host.engagements.books import find_books
from closing_host.engagements.effective import open_effective
from closing_host.engagements.host import Host
from closing_host.engagements.own_attachments import check_account
from closing_host.engagements.periods import check_attachment_day
from closing_host.storage.attached_files import AttachedFile, AttachedFiles, NewFile
from closing_host.storage.database import Connection
from closing_host.storage.own_attachments import OwnAttachments


def read_upload(path: Path) -> bytes:
    """The bytes of a file to attach, as far as its size is looked at. Raises `DataError` `file-unreadable`."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DataError("file-unreadable", file=str(path), detail=error.strerror or "") from error


def attach_file(
    host: Host, reference: str, account: str, name: str, content: bytes, *, attachment: int | None = None
) -> AttachedFile:
    """Keep the file behind `account`, or behind its schedule number `attachment`.

    The name is kept as text, the bytes under their SHA-256. Raises what `recognise` and `open_books` raise,
    `DataError` `schedule-not-balance`, `schedule-account-unknown`, `attached-file-other-account`; `ClosingError`
    `own-attachment-unknown`, `own-attachment-removed`, `attachment-day-locked`, `period-paused`; `TemporaryError`
    `attached-file-swept`.
    """
    kept = kept_name(name)
    kind = recognise(kept, content)
    effective = open_effective(host, reference)
    books = effective.books
    check_schedule(Schedule(account, books.snapshot.year_end, (), usual_standing(account)))
    check_account(effective, account)
    new = NewFile(account, attachment, kept, kind.name, len(content), host.store.blobs.put(content))

    def work(connection: Connection) -> AttachedFile:
        year = books.snapshot.year_start
        if attachment is not None:
            own = OwnAttachments(connection, books.engagement.id, year).get(attachment)
            if own.state == "removed":
                raise ClosingError("own-attachment-removed", number=attachment)
            if own.schedule.account != account:
                raise DataError("attached-file-other-account", number=attachment, account=own.schedule.account)
            check_attachment_day(connection, books.engagement.id, books.snapshot, own.schedule.as_at)
        if not host.store.blobs.exists(new.blob):  # the sweep removes under this same write lock
            raise TemporaryError("attached-file-swept")
        files = AttachedFiles(connection, books.engagement.id, year)
        return files.add(host.store.trail(connection, host.actor), new)

    return host.store.database.transact(work)


def attached_files(
    host: Host, reference: str, account: str | None = None, *, removed: bool = False
) -> tuple[AttachedFile, ...]:
    """The files of the books' year, of one account or of all; removed ones only when asked for."""
    engagement, snapshot = find_books(host, reference)
    with host.store.database.read() as connection:
        return AttachedFiles(connection, engagement.id, snapshot.year_start).all(account, removed=removed)


def open_file(host: Host, reference: str, number: int) -> tuple[AttachedFile, BinaryIO]:
    """The file's record and its verified bytes, also when it was removed.

    To be served as bytes to be saved, never shown by a browser (T F11). Raises
    `ClosingError` `attached-file-unknown`, `blob-missing`, `blob-damaged`, and what `find_books` raises.
    """
    engagement, snapshot = find_books(host, reference)
    with host.store.database.read() as connection:
        found = AttachedFiles(connection, engagement.id, snapshot.year_start).get(number)
    return found, host.store.blobs.open(found.blob)


def type_of(file: AttachedFile) -> FileType:
    """What kind of file it was recognised as."""
    return next(each for each in FILE_TYPES if each.name == file.type)


def name_to_save(file: AttachedFile) -> str:
    """A safe name for saving the file, as near its own as can be."""
    suffixes = type_of(file).suffixes
    own = PurePosixPath(file.name).suffix.lower()
    return saved_name(file.name, own if own in suffixes else suffixes[0])


def remove_file(host: Host, reference: str, number: int) -> AttachedFile:
    """Take the file away from its account; record and bytes stay.

    Raises `ClosingError` `attached-file-unknown`, `attachment-day-locked`, `period-paused` for one behind a schedule of
    a period that waits, and what `find_books` raises.
    """
    engagement, snapshot = find_books(host, reference)

    def work(connection: Connection) -> AttachedFile:
        files = AttachedFiles(connection, engagement.id, snapshot.year_start)
        if (attachment := files.get(number).attachment) is not None:
            own = OwnAttachments(connection, engagement.id, snapshot.year_start).get(attachment)
            check_attachment_day(connection, engagement.id, snapshot, own.schedule.as_at)
        return files.remove(host.store.trail(connection, host.actor), number)

    return host.store.database.transact(work)
