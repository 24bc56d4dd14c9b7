"""Closing entries as a file, whatever the source: to be read into the bookkeeping program by hand (P 7.6.6)."""

import asyncio
import hashlib
import io
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date

from closing_host import sie
from closing_host.api.context import Connection, FileRequest
from closing_host.api.errors import ClosingError
from closing_host.api.ledger import Company, FinancialYear, Finding
from closing_host.api.vouchers import WrittenFile
from closing_host.closing.effect import counted, with_entries
from closing_host.closing.entries import EXPORTABLE, UNSETTLED, ClosingEntry, Status, Transferred
from closing_host.engagements.books import Books, find_books, open_books
from closing_host.engagements.host import Host
from closing_host.ledgers import organisation
from closing_host.sources.context import running_context
from closing_host.storage.entries import EntryRecords
from closing_host.storage.written_files import FileKind, FileRecord, WrittenFiles

FILE_SOURCE = "sie4"
"""The built-in source that writes SI files."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that was written. `entries`: what is in it; `to_mark`: those of them that *Markera som överförd* takes;
    `left_out`: those on the way, whose outcome is not known; `findings`: what the format could not hold, by the lines
    of the file."""

    name: str
    kind: FileKind
    size: int
    entries: tuple[ClosingEntry, ...]
    to_mark: tuple[ClosingEntry, ...]
    left_out: tuple[ClosingEntry, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """The file whose entries are now *Överförd*, and these entries."""

    file: FileRecord
    entries: tuple[ClosingEntry, ...]


async def write_export_file(
    host: Host,
    reference: str,
    kind: FileKind,
    keep: Callable[[str, bytes], None],
    *,
    labels: Collection[str] | None = None,
) -> ExportFile:
    """Make a file with the entries that are *Ej överförd* or *Misslyckad* of the books `reference`.

    "si" holds these alone, or those in `labels`; "sie4" the whole books with every entry that counts. `keep(name,
    content)` puts it where the user wants it; only then is it noted as written. Nothing is marked.

    Raises `ClosingError`: `export-file-nothing`; `export-file-unsettled` when an entry that is on its way or *Oklar*
    would be in it; `export-file-not-ready` for another that was asked for and may not be; `export-file-whole` for
    `labels` beside "sie4"; `export-file-old-books` for books that are not the current ones; and what `open_books`
    and `keep` raise.
    """
    books = await asyncio.to_thread(open_books, host, reference)
    if not books.snapshot.current:
        raise ClosingError("export-file-old-books", snapshot=books.snapshot.id)
    if kind == "sie4" and labels is not None:
        raise ClosingError("export-file-whole")
    held = await asyncio.to_thread(_entries, host, books)
    unsettled = tuple(each for each in held if each.status in UNSETTLED)
    if kind == "si":
        inside = chosen = _chosen(host, books, held, labels)
        made = await _si_file(host, books, chosen)
    else:
        _require(not unsettled, "export-file-unsettled", unsettled)
        inside = counted(held)
        chosen = tuple(each for each in inside if each.status in EXPORTABLE)
        made = await asyncio.to_thread(_whole_books, books, held, _today(host))
        unsettled = ()
    await asyncio.to_thread(keep, made.name, made.content)
    await asyncio.to_thread(_note, host, books, kind, made, chosen)
    return ExportFile(made.name, kind, len(made.content), inside, chosen, unsettled, made.findings)


def mark_as_transferred(host: Host, reference: str) -> MarkedFile:
    """*Markera som överförd*: the entries of the year's last written file have been read into the program.

    All of them or none. Raises `ClosingError`: `export-file-not-written`; `export-file-marked` when they are
    *Överförd* already; `export-file-outdated` when an entry was changed, sent or deleted since, because the file then
    holds what no longer is so.
    """
    engagement, snapshot = find_books(host, reference)
    with host.store.database.write() as connection:
        file = WrittenFiles(connection, engagement.id, snapshot.year_start).last()
        if file is None or not file.entries:
            raise ClosingError("export-file-not-written", name=engagement.name)
        records = EntryRecords(connection, engagement.id)
        held = [records.get(key) for key in file.entries]
        if all(each.transferred is not None and each.transferred.evidence == "file" for each in held):
            raise ClosingError("export-file-marked", entries=_named(held))
        changed = [each for each in held if each.version != file.entries[each.id] or each.status not in EXPORTABLE]
        _require(not changed, "export-file-outdated", changed)
        trail = host.store.trail(connection, host.actor)
        place = Transferred("", "", host.store.clock(), host.actor.name, "file")
        moved = (records.set_status(trail, each.id, Status.TRANSFERRED, by="user", transferred=place) for each in held)
        return MarkedFile(file, tuple(moved))


def _entries(host: Host, books: Books) -> tuple[ClosingEntry, ...]:
    with host.store.database.read() as connection:
        return EntryRecords(connection, books.engagement.id).all(books.snapshot.year_start)


def _chosen(
    host: Host, books: Books, held: tuple[ClosingEntry, ...], labels: Collection[str] | None
) -> tuple[ClosingEntry, ...]:
    """The entries of an SI file, in the order in which they are booked."""
    if labels is None:
        chosen = [each for each in held if each.status in EXPORTABLE]
    else:
        with host.store.database.read() as connection:
            records = EntryRecords(connection, books.engagement.id)
            asked = [records.by_label(books.snapshot.year_start, label) for label in dict.fromkeys(labels)]
        chosen = list({each.id: each for each in asked}.values())
        on_the_way = [each for each in chosen if each.status in UNSETTLED]
        _require(not on_the_way, "export-file-unsettled", on_the_way)
        others = [each for each in chosen if each.status not in EXPORTABLE]
        _require(not others, "export-file-not-ready", others)
    if not chosen:
        raise ClosingError("export-file-nothing", name=books.engagement.name)
    return counted(chosen)


async def _si_file(host: Host, books: Books, chosen: tuple[ClosingEntry, ...]) -> WrittenFile:
    company, own = books.ledger.company, books.engagement
    number = company.organisation_number or organisation.display(own.organisation_number or "")
    request = FileRequest(
        Company(name=company.name or own.name, organisation_number=number),
        FinancialYear(0, books.snapshot.year_start, books.snapshot.year_end),
        tuple(each.draft for each in chosen),
    )
    source = host.sources.source(FILE_SOURCE)
    with running_context(source.id, clock=host.store.clock, inside=host.store.folder.tmp) as context:
        return await source.export_file(request, Connection(None, None), context)


def _whole_books(books: Books, held: tuple[ClosingEntry, ...], today: date) -> WrittenFile:
    """Their texts begin with the label here too: by it they are recognised when the file is read back."""
    labelled = [replace(each, content=replace(each.content, text=each.draft.text)) for each in held]
    target = io.BytesIO()
    written = sie.write(with_entries(books.ledger, labelled), target, sie_type=4, generated_on=today)
    return WrittenFile(f"bokslut-{books.snapshot.year_end.isoformat()}.se", target.getvalue(), written.findings)


def _note(host: Host, books: Books, kind: FileKind, made: WrittenFile, chosen: tuple[ClosingEntry, ...]) -> None:
    sha256 = hashlib.sha256(made.content).hexdigest()
    with host.store.database.write() as connection:
        trail = host.store.trail(connection, host.actor)
        files = WrittenFiles(connection, books.engagement.id, books.snapshot.year_start)
        files.note(trail, kind, sha256, len(made.content), chosen)


def _today(host: Host) -> date:
    return host.store.clock().astimezone().date()


def _named(entries: Collection[ClosingEntry]) -> str:
    return ", ".join(each.label for each in entries)


def _require(condition: bool, code: str, entries: Collection[ClosingEntry]) -> None:
    if not condition:
        raise ClosingError(code, entries=_named(entries))
