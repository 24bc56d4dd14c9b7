"""Every label of SIE 1-4 (SIE 1.5) and where its fields are kept: what `read` does, and what the documentation says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Label:
    """Fields in order, and where they go. `kept` is empty for what is deliberately not kept; `note` then says why."""

    fields: str
    kept: str
    note: str = ""


LABELS: Final[Mapping[str, Label]] = {
    "FLAGGA": Label("x", "provenance.read_before"),
    "PROGRAM": Label("name version", "provenance.program, .program_version"),
    "FORMAT": Label("PC8", "", "the encoding is found from the bytes, which the field often contradicts"),
    "GEN": Label("date sign", "provenance.generated_on, .generated_by"),
    "SIETYP": Label("type", "provenance.format", "4 becomes 4E or 4I by what the file holds"),
    "PROSA": Label("text", "note"),
    "FTYP": Label("form", "company.form"),
    "FNR": Label("id", "company.source_id"),
    "ORGNR": Label(
        "number acq-no act-no", "company.organisation_number, .acquisition_number, .activity_number", "as stated"
    ),
    "BKOD": Label("SNI code", "company.industry_code"),
    "ADRESS": Label("contact street postal phone", "company.address"),
    "FNAMN": Label("name", "company.name"),
    "RAR": Label("year start end", "years"),
    "TAXAR": Label("year", "tax_year", "as stated"),
    "OMFATTN": Label("date", "covered_until"),
    "KPTYP": Label("type", "chart_type", "as stated"),
    "VALUTA": Label("currency", "currency", "SEK when absent"),
    "KONTO": Label("account name", "accounts.account, .name"),
    "KTYP": Label("account T/S/K/I", "accounts.type"),
    "ENHET": Label("account unit", "accounts.unit"),
    "SRU": Label("account code", "accounts.sru"),
    "DIM": Label("dimension name", "dimensions"),
    "UNDERDIM": Label("dimension name parent", "dimensions, with .parent"),
    "OBJEKT": Label("dimension object name", "objects"),
    "IB": Label("year account amount quantity", "balances"),
    "UB": Label("year account amount quantity", "balances"),
    "RES": Label("year account amount quantity", "balances"),
    "OIB": Label("year account {objects} amount quantity", "balances"),
    "OUB": Label("year account {objects} amount quantity", "balances"),
    "PSALDO": Label("year period account {objects} amount quantity", "balances", "the list may be missing"),
    "PBUDGET": Label("year period account {objects} amount quantity", "balances"),
    "VER": Label("series number date text regdate sign", "vouchers"),
    "TRANS": Label("account {objects} amount date text quantity sign", "rows, kind booked"),
    "RTRANS": Label("account {objects} amount date text quantity sign", "rows, kind added", "never summed"),
    "BTRANS": Label("account {objects} amount date text quantity sign", "rows, kind removed", "never summed"),
    "KSUMMA": Label("(empty) … value", "provenance.checksum", "counted and compared"),
}
"""Any other label is counted and reported (`sie-label-unknown`); its fields are not kept."""
