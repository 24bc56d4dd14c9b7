"""Tables as files for people and programs: CSV, XLSX, Parquet; reports as PDF.

A frame's Int64 columns are money in öre, the house's rule, and come out as kronor with two decimals; other integers
are numbers. Texts are never formulas (T F8), nor markup. The same content and time give the same bytes.

- `columns`, `csv`, `xlsx`, `parquet`: tables of any kind; `target`: where they go;
- `report`, `printable`, `pdf`: a document as text that is ready to be set, its parts, and PDF/A made of it;
- `attachment_…`: the attachments for receivables and payables as a report and as tables; `imprint`: what each says of
  itself.
"""

from closing_host.documents.attachment_report import attachment_report
from closing_host.documents.attachment_tables import attachment_tables, items_frame
from closing_host.documents.csv import write_csv
from closing_host.documents.imprint import Imprint
from closing_host.documents.ledger_tables import ledger_tables
from closing_host.documents.parquet import write_parquet
from closing_host.documents.pdf import write_pdf
from closing_host.documents.report import Report, parts
from closing_host.documents.xlsx import write_xlsx

__all__ = [
    "Imprint",
    "Report",
    "attachment_report",
    "attachment_tables",
    "items_frame",
    "ledger_tables",
    "parts",
    "write_csv",
    "write_parquet",
    "write_pdf",
    "write_xlsx",
]
