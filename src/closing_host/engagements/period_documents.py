"""Reports of a period as files: reconciliation, main schedules, result and transaction analysis, entries."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal, get_args

import polars as pl

from closing_host.api.errors import DataError
from closing_host.closing.main_schedules import OTHER
from closing_host.documents import write_csv, write_pdf, write_xlsx
from closing_host.documents.analysis_report import analysis_kind, analysis_report, analysis_tables
from closing_host.documents.entries_report import entries_kind, entries_report
from closing_host.documents.main_schedule_report import main_schedule_report, main_schedule_tables
from closing_host.documents.period_imprint import PeriodImprint
from closing_host.documents.reconciliation_report import (
    kind,
    reconciliation_frame,
    reconciliation_report,
    reconciliation_tables,
)
from closing_host.documents.report import Report, parts
from closing_host.documents.result_report import result_kind, result_report
from closing_host.documents.target import Target
from closing_host.engagements.attachment_documents import Document, Form
from closing_host.engagements.host import Host
from closing_host.engagements.period_analysis import check_answers
from closing_host.engagements.period_material import PeriodMaterial, names_of
from closing_host.engagements.result_analysis import result_of
from closing_host.engagements.result_documents import result_document
from closing_host.locale import Words

ReportKind = Literal["reconciliation", "schedules", "results", "analysis", "entries"]

FORMS: Final[Mapping[ReportKind, tuple[Form, ...]]] = {
    "reconciliation": ("pdf", "xlsx", "csv"),
    "schedules": ("pdf", "xlsx"),
    "results": ("pdf", "xlsx", "csv"),
    "analysis": ("pdf", "xlsx"),
    "entries": ("pdf",),
}
"""The reports that there are, and the forms in which each can be made."""


def period_documents(
    host: Host, words: Words, material: PeriodMaterial, report: str, form: str
) -> tuple[Document, ...]:
    """The report in `words`; nothing is written yet. Main schedules are a PDF for each account group, or one workbook.

    Raises `DataError` `report-unknown`, `report-form-unknown`, and what the analysis raises.
    """
    known: ReportKind | None = next((each for each in get_args(ReportKind) if each == report), None)
    if known is None:
        raise DataError("report-unknown", report=report, reports=", ".join(FORMS))
    if form not in FORMS[known]:
        raise DataError("report-form-unknown", report=report, form=form, forms=", ".join(FORMS[known]))
    return tuple(_MAKERS[known](host, words, material, form))


def named(words: Words, kind: str, imprint: PeriodImprint) -> str:
    """Such as `avstamningsrapport-2025-03`: plain letters, so that it travels between systems."""
    return plain(f"{kind} {imprint.spelled(words)}")


def plain(text: str) -> str:
    """`text` as a part of a file's name that any system takes: small letters, digits, hyphens."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def pdf_parts(name: str, report: Report) -> Iterator[Document]:
    """The report as one PDF, or as several when it is long."""
    several = parts(report)
    for number, part in enumerate(several, 1):
        yield Document(name, f"{name}-{number}" if len(several) > 1 else name, _pdf(part))


def _reconciliation(host: Host, words: Words, material: PeriodMaterial, form: str) -> Iterator[Document]:
    name, lines, imprint = named(words, kind(words), material.imprint), material.sheet.lines, material.imprint
    if form == "pdf":
        yield from pdf_parts(name, reconciliation_report(words, lines, imprint))
    elif form == "xlsx":
        yield _workbook(name, reconciliation_tables(words, lines, imprint), imprint)
    else:
        frame = imprint.stamped(words, reconciliation_frame(words, lines))
        yield Document(name, name, lambda to: write_csv(frame, to))


def _schedules(host: Host, words: Words, material: PeriodMaterial, form: str) -> Iterator[Document]:
    schedules, imprint = material.main_schedules(words), material.imprint
    if form == "xlsx":
        name = named(words, words.text("Main schedules"), imprint)
        yield _workbook(name, main_schedule_tables(words, schedules, imprint), imprint)
        return
    for each in schedules:
        group = "" if each.group == OTHER else each.group
        title = words.text("Main schedule {group}", group=group or words.message("account-group-other", {}))
        yield from pdf_parts(named(words, title, imprint), main_schedule_report(words, each, imprint))


def _results(host: Host, words: Words, material: PeriodMaterial, form: str) -> Iterator[Document]:
    sheet = result_of(host, material.books, material.imprint.period.key)
    if form == "pdf":
        report = result_report(words, sheet.frame, sheet.groups, material.imprint)
        yield from pdf_parts(named(words, result_kind(words), material.imprint), report)
    else:
        yield result_document(words, sheet, "xlsx" if form == "xlsx" else "csv")


def _analysis(host: Host, words: Words, material: PeriodMaterial, form: str) -> Iterator[Document]:
    name, imprint = named(words, analysis_kind(words), material.imprint), material.imprint
    answers = check_answers(host, words, material)
    if form == "pdf":
        yield from pdf_parts(name, analysis_report(words, answers, imprint))
    else:
        yield _workbook(name, analysis_tables(words, answers, imprint), imprint)


def _entries(host: Host, words: Words, material: PeriodMaterial, form: str) -> Iterator[Document]:
    source_id = material.sheet.engagement.source_id
    source = host.sources.sources.get(source_id)
    called = source.info.name if source is not None else source_id
    report = entries_report(words, material.entries, names_of(host, material), called, material.imprint)
    yield from pdf_parts(named(words, entries_kind(words), material.imprint), report)


_Maker = Callable[[Host, Words, PeriodMaterial, str], Iterator[Document]]

_MAKERS: Final[Mapping[ReportKind, _Maker]] = {
    "reconciliation": _reconciliation,
    "schedules": _schedules,
    "results": _results,
    "analysis": _analysis,
    "entries": _entries,
}


def _workbook(name: str, tables: Mapping[str, pl.DataFrame], imprint: PeriodImprint) -> Document:
    return Document(name, name, lambda to: write_xlsx(tables, to, created=imprint.books.made_at))


def _pdf(report: Report) -> Callable[[Target], None]:
    return lambda to: write_pdf(report, to)
