"""Attachments as files: PDF for the binder, XLSX and CSV for going on with (P 7.4.10)."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, Literal

from closing_host.api.errors import ClosingError, DataError
from closing_host.documents import (
    Imprint,
    attachment_report,
    attachment_tables,
    items_frame,
    parts,
    write_csv,
    write_pdf,
    write_xlsx,
)
from closing_host.documents.attachment_items import Order
from closing_host.documents.attachment_words import side_words
from closing_host.documents.report import Report
from closing_host.documents.schedule_report import (
    ReconciledAccount,
    schedule_report,
    schedule_rows_frame,
    schedule_tables,
)
from closing_host.documents.target import Target
from closing_host.engagements.attachments import OpenedAttachment, open_attachments
from closing_host.engagements.books import find_books
from closing_host.engagements.host import Host
from closing_host.engagements.own_attachments import AccountAttachments, account_attachments
from closing_host.ledgers import organisation
from closing_host.locale import Words
from closing_host.storage.engagements import Engagement
from closing_host.storage.snapshot_records import Snapshot

Form = Literal["pdf", "xlsx", "csv"]

_NONE_STORED: Final = "attachments-not-made"


@dataclass(frozen=True, slots=True)
class Document:
    """A file to be: what it is called without its suffix, and how it is written. `subject`: the attachment that it
    is, or is a part of."""

    subject: str
    name: str
    write: Callable[[Target], None]


def select_attachments(
    host: Host, reference: str, which: str | None = None, *, as_at: date | None = None, version: int | None = None
) -> tuple[tuple[OpenedAttachment, ...], tuple[AccountAttachments, ...]]:
    """The stored attachments and the user's own that `which` names: `receivables`, `payables`, or an account.

    By default all. Raises `DataError` `document-none` when it names nothing, and what `open_attachments` (unless there
    are own ones) and `account_attachments` raise.
    """
    own: tuple[AccountAttachments, ...] = ()
    if which is None or which.isdigit():
        own = account_attachments(host, reference, which)
    try:
        stored = open_attachments(host, reference, as_at=as_at, version=version)
    except ClosingError as error:
        if error.code != _NONE_STORED or not own:
            raise
        stored = ()
    chosen = tuple(each for each in stored if which in (None, each.made.side, *each.made.control_accounts))
    if not chosen and not own:
        raise DataError("document-none", which=which or "")
    return chosen, own


def attachment_documents(
    host: Host,
    reference: str,
    form: Form,
    words: Words,
    *,
    which: str | None = None,
    as_at: date | None = None,
    version: int | None = None,
    order: Order = "party",
) -> tuple[Document, ...]:
    """The attachments of the books `reference` as documents, in `words`; nothing is written yet.

    `which`: as in `select_attachments`; `as_at`, `version` and `order` are for receivables and payables. Raises as
    `select_attachments`.
    """
    engagement, snapshot = find_books(host, reference)
    stored, own = select_attachments(host, reference, which, as_at=as_at, version=version)
    return (
        *(document for each in stored for document in _of_side(words, form, engagement, snapshot, each, order)),
        *(document for each in own for document in _of_account(words, form, engagement, snapshot, each)),
    )


def write_documents(documents: Sequence[Document], form: Form, to: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write them into the folder `to`, or, when its name ends in `.pdf`, `.xlsx` or `.csv`, to that file.

    Nothing is written unless all can be: existing files are refused without `force`. Each file appears whole or not
    at all. Raises `DataError` `document-several` (one file for several attachments), `document-suffix`,
    `document-exists`; `ClosingError` `document-not-written`, and what writing raises.
    """
    suffix = f".{form}"
    if to.suffix.lower() in (".pdf", ".xlsx", ".csv") and not to.is_dir():
        if to.suffix.lower() != suffix:
            raise DataError("document-suffix", file=to.name, form=form)
        if len({each.subject for each in documents}) > 1:
            raise DataError("document-several", file=to.name)
        numbers = [f"-{number}" for number in range(1, len(documents) + 1)] if len(documents) > 1 else [""]
        paths = [to.with_name(f"{to.stem}{number}{to.suffix}") for number in numbers]
    else:
        paths = [to / f"{each.name}{suffix}" for each in documents]
    if not force and (there := next((path for path in paths if path.exists()), None)):
        raise DataError("document-exists", file=str(there))
    for path, document in zip(paths, documents, strict=True):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            document.write(path)
        except OSError as error:
            raise ClosingError("document-not-written", file=str(path), detail=error.strerror or "") from error
    return tuple(paths)


def _of_side(
    words: Words, form: Form, engagement: Engagement, snapshot: Snapshot, each: OpenedAttachment, order: Order
) -> Iterator[Document]:
    made, record = each.made, each.record
    imprint = replace(
        _imprint(engagement, snapshot),
        fingerprint=record.fingerprint,
        made_by=record.made_by,
        made_at=record.made_at,
        version=record.version,
    )
    name = _name(side_words(words, made.side), "+".join(made.control_accounts), made.as_at)
    if form == "pdf":
        yield from _parts(name, attachment_report(words, made, imprint, notes=each.notes, order=order))
    elif form == "xlsx":
        tables = attachment_tables(words, made, imprint, notes=each.notes)
        yield Document(name, name, lambda to: write_xlsx(tables, to, created=imprint.made_at))
    else:
        items = items_frame(words, made, imprint.year_start, notes=each.notes)
        frame = imprint.stamped(words, items, made.as_at)
        yield Document(name, name, lambda to: write_csv(frame, to))


def _of_account(
    words: Words, form: Form, engagement: Engagement, snapshot: Snapshot, each: AccountAttachments
) -> Iterator[Document]:
    newest = max(each.attachments, key=lambda one: one.changed_at, default=None)
    imprint = _imprint(engagement, snapshot)
    if newest is not None:
        version = newest.version if len(each.attachments) == 1 else 0
        imprint = replace(imprint, made_by=newest.changed_by, made_at=newest.changed_at, version=version)
    account = ReconciledAccount(
        each.account,
        each.name,
        each.as_at,
        each.closing,
        tuple((one.number, one.schedule) for one in each.attachments),
        tuple(file.name for file in each.files),
    )
    name = _name(words.text("Attachment"), each.account, each.as_at)
    if form == "pdf":
        yield from _parts(name, schedule_report(words, account, imprint))
    elif form == "xlsx":
        tables = schedule_tables(words, account, imprint)
        yield Document(name, name, lambda to: write_xlsx(tables, to, created=imprint.made_at))
    else:
        frame = imprint.stamped(words, schedule_rows_frame(words, account), each.as_at)
        yield Document(name, name, lambda to: write_csv(frame, to))


def _parts(name: str, report: Report) -> Iterator[Document]:
    several = parts(report)
    for number, part in enumerate(several, 1):
        yield Document(name, f"{name}-{number}" if len(several) > 1 else name, _writer(part))


def _writer(report: Report) -> Callable[[Target], None]:
    return lambda to: write_pdf(report, to)


def _imprint(engagement: Engagement, snapshot: Snapshot) -> Imprint:
    return Imprint(
        engagement.name,
        organisation.display(engagement.organisation_number or ""),
        snapshot.year_start,
        snapshot.year_end,
        snapshot.fingerprint,
        snapshot.created_by,
        snapshot.created_at,
    )


def _name(kind: str, account: str, as_at: date) -> str:
    """Such as `leverantorsskulder-2440-2025-12-31`: plain letters, so that it travels between systems."""
    plain = unicodedata.normalize("NFKD", kind).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9+]+", "-", f"{plain}-{account}-{as_at}").strip("-")
