"""*Balansavstämning* as a file to go on with: the accounts that are shown."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from closing_host.documents import write_csv, write_xlsx
from closing_host.documents.reconciliation_report import reconciliation_frame
from closing_host.documents.target import Target
from closing_host.engagements.attachment_documents import Document
from closing_host.engagements.reconciling import AccountLine, Sheet
from closing_host.locale import Words

FORMS: Final = ("xlsx", "csv")


def sheet_document(words: Words, sheet: Sheet, lines: Sequence[AccountLine], form: str, created: datetime) -> Document:
    """`lines` of the sheet, in the order that they have. `created`: what a workbook says of its making."""
    title, frame = words.text("Balance sheet reconciliation"), reconciliation_frame(words, lines)
    number = sheet.engagement.organisation_number or str(sheet.engagement.id)

    def write(target: Target) -> None:
        if form == "csv":
            write_csv(frame, target)
        else:
            write_xlsx({title: frame}, target, created=created)

    period = sheet.period.period
    when = f"{period.end}-{period.key}" if period.is_year_end else period.key
    return Document("reconciliation", f"{title.lower().replace(' ', '-')}-{number}-{when}", write)
