"""Closing entries on their way out: what is sent, on which terms, and what came of it.

The host journals each voucher and sends it once in effect: a source reports `Booked`, `Rejected` or `NotApplied`
for one voucher; **anything that it raises means that the outcome is unknown**, and the host looks for the marker
before it acts again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from closing_host.api.errors import ClosingError, TemporaryError
from closing_host.api.ledger import Finding, ObjectRef


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One row: `amount` in öre, debit positive."""

    account: str
    amount: int
    objects: tuple[ObjectRef, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class VoucherDraft:
    """A closing entry in the form in which it was approved. Σ rows is 0; at least two rows; none is 0.

    `text` begins with the readable number ("V1 Upplupna löner"). `marker` (`BK` and 16 base32 characters) is the
    entry's identity: the source writes it where `find_vouchers` can find it, such as a comment.
    """

    marker: str
    date: date
    text: str
    rows: tuple[DraftRow, ...]


@dataclass(frozen=True, slots=True)
class VoucherRecord:
    """A voucher as the source states it. `comment` is "" when the source has none."""

    series: str
    number: str
    year_start: date
    date: date
    text: str
    rows: tuple[DraftRow, ...]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """The source booked the voucher and stated it back; the host compares it with what was sent."""

    voucher: VoucherRecord


@dataclass(frozen=True, slots=True)
class Rejected:
    """The source refused the voucher for what it is (locked period, inactive account ...). Nothing was booked.

    `code` is a code of the source's catalogue; `detail` the source's own code and words.
    """

    code: str
    detail: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotApplied:
    """The request certainly did not reach the books (connection refused, 429, login not accepted).

    `retry_after`: seconds, when known. The host may send the same voucher again.
    """

    code: str
    detail: str = ""
    retry_after: float | None = None
    parameters: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def because(cls, error: ClosingError) -> "NotApplied":
        """What kept the request from being sent: an error that `context.http` raises for a write."""
        wait = error.retry_after if isinstance(error, TemporaryError) else None
        return cls(error.code, error.detail, wait, error.parameters)


Outcome = Booked | Rejected | NotApplied


@dataclass(frozen=True, slots=True)
class SeriesTerms:
    """A voucher series of one year. `manual`: vouchers may be booked in it by hand or integration."""

    code: str
    description: str
    manual: bool
    next_number: int | None = None


@dataclass(frozen=True, slots=True)
class AccountTerms:
    """An account of the year's chart and whether it is active."""

    account: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class ObjectTerms:
    """An object of a dimension (1 cost centre, 6 project) and whether it may be booked on."""

    dimension: int
    code: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class ExportTerms:
    """Facts for the pre-flight checks, which the host computes.

    `locked_through`: last locked day, None when nothing is locked. `changed_vouchers`: how many of the year's
    vouchers changed since the asked instant, None when the source cannot tell.
    """

    account_id: str
    organisation_number: str
    year_start: date
    year_end: date
    series: tuple[SeriesTerms, ...]
    accounts: tuple[AccountTerms, ...]
    objects: tuple[ObjectTerms, ...] = ()
    locked_through: date | None = None
    text_limit: int | None = None
    comment_limit: int | None = None
    changed_vouchers: int | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FoundVouchers:
    """Answer of `find_vouchers`: records, the total that the source gives for year and series, and whether every
    page was read. A look that is not complete proves no absence."""

    vouchers: tuple[VoucherRecord, ...]
    total: int | None
    complete: bool


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """Answer of `export_file`: a name to offer the user, the bytes, and what the format could not hold (cut texts,
    replaced characters), each a finding whose `line` is the written file's."""

    name: str
    content: bytes
    findings: tuple[Finding, ...] = ()
