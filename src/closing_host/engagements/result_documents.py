"""*Resultatanalys* as a file to go on with: a workbook with accounts and income statement, or the accounts as CSV."""

from typing import Literal

import polars as pl

from closing_host.documents import Imprint, write_csv, write_xlsx
from closing_host.documents.result_tables import accounts_frame, statement_frame
from closing_host.documents.target import Target
from closing_host.engagements.attachment_documents import Document
from closing_host.engagements.result_analysis import ResultSheet
from closing_host.ledgers import organisation
from closing_host.locale import Words

TableForm = Literal["xlsx", "csv"]


def result_document(words: Words, sheet: ResultSheet, form: TableForm) -> Document:
    """The sheet in `words`; nothing is written yet. A locked period's says who locked it, and of which import."""
    engagement, snapshot, lock = sheet.engagement, sheet.snapshot, sheet.period.lock
    imprint = Imprint(
        engagement.name,
        organisation.display(engagement.organisation_number or ""),
        snapshot.year_start,
        snapshot.year_end,
        lock.fingerprint if lock else snapshot.fingerprint,
        lock.locked_by if lock else snapshot.created_by,
        lock.locked_at if lock else snapshot.created_at,
    )
    accounts = accounts_frame(words, sheet.frame)
    title = words.text("Income statement analysis")

    def write(target: Target) -> None:
        if form == "csv":
            write_csv(imprint.stamped(words, accounts, sheet.period.period.end).drop(words.text("Version")), target)
            return
        said = [
            (words.text("Report"), title),
            (words.text("Company"), imprint.company),
            (words.text("Period"), f"{sheet.period.period.start} – {sheet.period.period.end}"),
            *imprint.facts(words),
        ]
        about = dict.fromkeys(words.texts("What", "Value"), pl.String)
        tables = {
            words.text("Income statement"): statement_frame(words, sheet.groups),
            words.text("Accounts"): accounts,
            words.text("About the report"): pl.DataFrame(said, schema=about, orient="row"),
        }
        write_xlsx(tables, target, created=imprint.made_at)

    number = engagement.organisation_number or str(engagement.id)
    period = f"{sheet.period.period.end}-{sheet.period.key}" if sheet.period.period.is_year_end else sheet.period.key
    return Document("results", f"{title.lower()}-{number}-{period}".replace(" ", "-"), write)
