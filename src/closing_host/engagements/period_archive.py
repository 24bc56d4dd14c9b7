"""The archive of a closed period: all of its documents in one ZIP file with a manifest of hashes (BFL 6:8, 7:2).

It holds what stood when the period was locked (`period_material`), so making it again gives the same bytes, as long as
nothing was noted on invoices and no closing entry changed its state.
"""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from closing_host.api.errors import ClosingError, DataError
from closing_host.documents import attachment_report
from closing_host.documents.attachment_words import side_words
from closing_host.documents.schedule_report import ReconciledAccount, schedule_report
from closing_host.documents.sealed_archive import SealedFile, write_archive
from closing_host.documents.target import Target
from closing_host.engagements.attached_files import name_to_save
from closing_host.engagements.attachment_documents import Document, Form
from closing_host.engagements.attachments import open_attachments
from closing_host.engagements.host import Host
from closing_host.engagements.period_documents import pdf_parts, period_documents, plain
from closing_host.engagements.period_material import PeriodMaterial
from closing_host.locale import Words
from closing_host.storage.attachments import AttachmentVersion

AT_ONCE: Final = 2
"""PDFs that are set at the same time, each by a process of its own."""


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive ready to be written. `name`: of its file. `facts`: what the manifest says besides the files."""

    name: str
    facts: dict[str, Any]
    files: tuple[SealedFile, ...]

    def write(self, target: Target) -> str:
        """Write it, whole or not at all; returns the manifest's SHA-256. Raises `OSError`."""
        return write_archive(self.files, self.facts, target)


def period_archive(host: Host, words: Words, material: PeriodMaterial) -> Archive:
    """The archive of a locked period, in `words`.

    Raises `ClosingError` `archive-period-open`, `blob-missing`, `blob-damaged`, and what making documents raises.
    """
    period = material.sheet.period
    if period.lock is None:
        raise ClosingError("archive-period-open", period=material.imprint.spelled(words))
    left_out: list[dict[str, str]] = []
    planned = [
        *_of("", "pdf", period_documents(host, words, material, "reconciliation", "pdf")),
        *_of("", "xlsx", period_documents(host, words, material, "reconciliation", "xlsx")),
        *_of("", "pdf", period_documents(host, words, material, "analysis", "pdf")),
        *_of("", "pdf", period_documents(host, words, material, "entries", "pdf")),
        *_of(words.text("Main schedules"), "pdf", period_documents(host, words, material, "schedules", "pdf")),
        *_of(words.text("Attachments"), "pdf", _attachments(host, words, material, left_out)),
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        files = tuple(pool.map(_made, planned))
    name = plain(f"{words.text('Archive')} {material.sheet.engagement.name} {material.imprint.spelled(words)}")
    facts = {**_facts(words, material), "left_out": left_out}
    return Archive(f"{name}.zip", facts, (*files, *_attached(host, words, material)))


def _facts(words: Words, material: PeriodMaterial) -> dict[str, Any]:
    sheet, imprint = material.sheet, material.imprint
    period, lock = sheet.period.period, sheet.period.lock
    assert lock is not None
    return {
        "program": {"name": "closing-host", "version": version("closing-host")},
        "language": words.language,
        "company": imprint.books.company,
        "organisation_number": imprint.books.organisation_number,
        "year": {"start": str(imprint.books.year_start), "end": str(imprint.books.year_end)},
        "period": {"key": period.key, "start": str(period.start), "end": str(period.end)},
        "import": {"number": lock.snapshot_id, "fingerprint": lock.fingerprint},
        "lock": {"by": lock.locked_by, "at": imprint.books.moment, "reason": lock.reason},
    }


def _of(folder: str, form: Form, documents: Iterator[Document] | tuple[Document, ...]) -> list[tuple[str, Document]]:
    place = f"{plain(folder)}/" if folder else ""
    return [(f"{place}{each.name}.{form}", each) for each in documents]


def _made(planned: tuple[str, Document]) -> SealedFile:
    name, document = planned
    target = io.BytesIO()
    document.write(target)
    content = target.getvalue()
    return SealedFile(name, lambda: io.BytesIO(content))


def _attachments(
    host: Host, words: Words, material: PeriodMaterial, left_out: list[dict[str, str]]
) -> Iterator[Document]:
    for version_ in material.sides:
        try:
            yield from _side(host, words, material, version_)
        except DataError as error:  # its facts do not reach to that day, so it reconciled nothing there either
            left_out.append({"attachment": version_.side, "reason": words.error(error)})
    day, imprint = material.imprint.as_at, material.imprint.books
    for line in material.sheet.lines:
        if own := material.own_of(line.account):
            newest = max(own, key=lambda each: each.changed_at)
            number = newest.version if len(own) == 1 else 0
            by = replace(imprint, made_by=newest.changed_by, made_at=newest.changed_at, version=number)
            schedules = tuple((each.number, each.schedule) for each in own)
            files = tuple(each.name for each in material.files_of(line.account))
            account = ReconciledAccount(line.account, line.name, day, line.closing, schedules, files)
            name = plain(f"{words.text('Attachment')} {line.account} {day}")
            yield from pdf_parts(name, schedule_report(words, account, by))


def _side(host: Host, words: Words, material: PeriodMaterial, stored: AttachmentVersion) -> Iterator[Document]:
    day, year = material.imprint.as_at, material.sheet.snapshot
    reference = f"{year.engagement_id}/{year.year_end}"
    for each in open_attachments(host, reference, side=stored.side, as_at=day, version=stored.version):
        record = each.record
        by = replace(
            material.imprint.books,
            fingerprint=record.fingerprint,
            made_by=record.made_by,
            made_at=record.made_at,
            version=record.version,
        )
        name = plain(f"{side_words(words, record.side)} {'-'.join(each.made.control_accounts)} {day}")
        yield from pdf_parts(name, attachment_report(words, each.made, by, notes=each.notes))


def _attached(host: Host, words: Words, material: PeriodMaterial) -> Iterator[SealedFile]:
    """The attached files as they are, each with its account and number before its name."""
    folder = plain(words.text("Attached files"))
    for each in material.files:
        name = f"{folder}/{each.account}-{each.number}-{name_to_save(each)}"
        yield SealedFile(name, partial(host.store.blobs.open, each.blob))


def archive_path(to: Path, archive: Archive) -> Path:
    """Where the archive goes: `to` when it is named `.zip`, else in the folder `to`. Raises `DataError`
    `archive-name`."""
    if to.suffix.lower() == ".zip" and not to.is_dir():
        return to
    if to.suffix and not to.is_dir():
        raise DataError("archive-name", file=to.name)
    return to / archive.name
