"""A ledger's part outside its tables, as JSON, with the hash of each table's file: `ledger.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from closing_host.api.ledger import Company, FinancialYear, Ledger, Provenance
from closing_host.storage.canonical import canonical_json


@dataclass(frozen=True, slots=True)
class LedgerHeader:
    """What `ledger.json` holds. `files`: table name to SHA-256 of its Parquet file. `format`: of the folder, 1."""

    format: int
    company: Company
    years: tuple[FinancialYear, ...]
    currency: str
    chart_type: str
    tax_year: str
    covered_until: date | None
    note: str
    provenance: Provenance
    files: Mapping[str, str]


_JSON: Final = TypeAdapter(LedgerHeader)


def header_of(ledger: Ledger, files: Mapping[str, str]) -> bytes:
    """The canonical JSON of the ledger's header."""
    header = LedgerHeader(
        format=1,
        company=ledger.company,
        years=ledger.years,
        currency=ledger.currency,
        chart_type=ledger.chart_type,
        tax_year=ledger.tax_year,
        covered_until=ledger.covered_until,
        note=ledger.note,
        provenance=ledger.provenance,
        files=files,
    )
    return canonical_json(json.loads(_JSON.dump_json(header))).encode()


def read_header(content: bytes) -> LedgerHeader:
    """The header back. The caller has verified the bytes; raises pydantic's error when they are not a header."""
    return _JSON.validate_json(content)
