"""What is sent, as one canonical text with one hash: what was approved is what is sent, or nothing is (G3, B27)."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from closing_host.api.context import ExportRequest
from closing_host.api.errors import ClosingError
from closing_host.api.ledger import FinancialYear
from closing_host.api.vouchers import DraftRow, VoucherDraft
from closing_host.storage.canonical import canonical_json


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose books a voucher goes into: the source, its company, and that company's organisation number (digits)."""

    source_id: str
    account_id: str
    organisation_number: str


def frozen(recipient: Recipient, request: ExportRequest) -> str:
    """All that decides what is booked and where, as canonical JSON; amounts are öre."""
    year, voucher = request.year, request.voucher
    return canonical_json(
        {
            "source": recipient.source_id,
            "account": recipient.account_id,
            "organisation_number": recipient.organisation_number,
            "year": [year.start.isoformat(), year.end.isoformat(), year.id],
            "series": request.series,
            "marker": voucher.marker,
            "date": voucher.date.isoformat(),
            "text": voucher.text,
            "rows": [rows_of(row) for row in voucher.rows],
        }
    )


def thawed(payload: str, entry: str) -> ExportRequest:
    """The request that `frozen` stored for `entry` (its label). Raises `ClosingError` `export-payload-changed` for
    what it did not."""
    try:
        stored = json.loads(payload)
        start, end, year_id = stored["year"]
        rows = tuple(row_of(row) for row in stored["rows"])
        draft = VoucherDraft(stored["marker"], date.fromisoformat(stored["date"]), stored["text"], rows)
        year = FinancialYear(0, date.fromisoformat(start), date.fromisoformat(end), year_id)
        return ExportRequest(year, stored["series"], draft)
    except (ValueError, KeyError, TypeError) as error:
        raise ClosingError("export-payload-changed", entry=entry) from error


def digest(text: str) -> str:
    """SHA-256 of a payload."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_all(digests: Iterable[str]) -> str:
    """SHA-256 over the vouchers' own, in their order: what the approval of the whole stands for."""
    return digest("\n".join(digests))


def rows_of(row: DraftRow) -> list[Any]:
    """A row as JSON holds it."""
    return [row.account, row.amount, [[dimension, code] for dimension, code in row.objects], row.text]


def row_of(stored: list[Any]) -> DraftRow:
    """The row again."""
    account, amount, objects, text = stored
    return DraftRow(account, amount, tuple((dimension, code) for dimension, code in objects), text)
