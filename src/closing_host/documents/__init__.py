"""Tables as files for people and programs: CSV, XLSX, Parquet.

A frame's Int64 columns are money in öre, the house's rule, and come out as kronor with two decimals; other integers
are numbers. Texts are never formulas (T F8). The same frames and dates give the same bytes.
"""

from closing_host.documents.csv import write_csv
from closing_host.documents.ledger_tables import ledger_tables
from closing_host.documents.parquet import write_parquet
from closing_host.documents.xlsx import write_xlsx

__all__ = ["ledger_tables", "write_csv", "write_parquet", "write_xlsx"]
