"""Vouchers between the contract's form (öre, objects by dimension) and Fortnox's (kronor in debit or credit)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from closing_host.api.ledger import ObjectRef
from closing_host.api.money import decimal_from_ore, ore_from_decimal
from closing_host.api.vouchers import DraftRow, Rejected, VoucherDraft, VoucherRecord
from datasource_fortnox.errors import AnswerWrong
from datasource_fortnox.models import NewVoucher, NewVoucherRow, Voucher, VoucherRow

COST_CENTRE: Final = 1
PROJECT: Final = 6

TEXT_LIMIT: Final = 200
COMMENT_LIMIT: Final = 1000
ROW_TEXT_LIMIT: Final = 100
MARKER_IN_TEXT: Final = 8
"""Characters of the marker that the text begins with when the company wants it (P 7.6.4); a blank follows."""

_MOST_ORE: Final = 10**14 - 1
"""Fourteen digits, two of them decimals (F 5.1)."""


def text_limit(*, marker_in_text: bool) -> int:
    """How long an entry's own text may be."""
    return TEXT_LIMIT - (MARKER_IN_TEXT + 1 if marker_in_text else 0)


def drafted(series: str, draft: VoucherDraft, *, marker_in_text: bool) -> NewVoucher | Rejected:
    """The voucher as it is sent, or why Fortnox cannot hold it, told before anything is sent. Rows count from 1."""
    if (refused := _unfit_text(draft.text, text_limit(marker_in_text=marker_in_text))) is not None:
        return refused
    for number, row in enumerate(draft.rows, 1):
        if (refused := _unfit_row(number, row)) is not None:
            return refused
    return NewVoucher(
        description=f"{draft.marker[:MARKER_IN_TEXT]} {draft.text}" if marker_in_text else draft.text,
        voucher_series=series,
        transaction_date=draft.date,
        voucher_rows=tuple(_new_row(row) for row in draft.rows),
        comments=draft.marker,
    )


def recorded(voucher: Voucher, year_start: date, markers: Iterable[str]) -> VoucherRecord:
    """The voucher as Fortnox states it, struck rows left out.

    `comment` names the one of `markers` that it carries, also when that stands in the text alone. Raises `AnswerWrong`
    for an amount with a third decimal.
    """
    carried = next((marker for marker in markers if carries(voucher.comments, voucher.description, marker)), "")
    comment = voucher.comments if carried in voucher.comments else f"{carried} {voucher.comments}".strip()
    return VoucherRecord(
        voucher.voucher_series,
        str(voucher.voucher_number),
        year_start,
        voucher.transaction_date,
        voucher.description,
        tuple(_row(voucher, row) for row in voucher.booked_rows),
        comment,
    )


def carries(comment: str, text: str, marker: str) -> bool:
    """Whether a voucher is marked: the whole marker in its comment, or the beginning of it first in its text."""
    return marker in comment or text.startswith(f"{marker[:MARKER_IN_TEXT]} ")


def _unfit_text(text: str, limit: int) -> Rejected | None:
    if not text.strip():
        return Rejected("fortnox-text-missing")
    if len(text) > limit:
        return Rejected("fortnox-text-too-long", parameters={"length": len(text), "limit": limit})
    return None


def _unfit_row(number: int, row: DraftRow) -> Rejected | None:
    dimensions = [dimension for dimension, _ in row.objects]
    if not {COST_CENTRE, PROJECT}.issuperset(dimensions) or len(set(dimensions)) < len(dimensions):
        held = ", ".join(f"{dimension}: {code}" for dimension, code in row.objects)
        return Rejected("fortnox-objects-not-held", parameters={"row": number, "objects": held})
    if not (row.account.isascii() and row.account.isdigit() and len(row.account) == 4 and row.account >= "1000"):
        return Rejected("fortnox-account-not-four-digits", parameters={"row": number, "account": row.account})
    if abs(row.amount) > _MOST_ORE:
        amount = decimal_from_ore(row.amount)
        return Rejected("fortnox-amount-too-large", parameters={"row": number, "amount": amount})
    if len(row.text) > ROW_TEXT_LIMIT:
        limits = {"row": number, "length": len(row.text), "limit": ROW_TEXT_LIMIT}
        return Rejected("fortnox-row-text-too-long", parameters=limits)
    return None


def _new_row(row: DraftRow) -> NewVoucherRow:
    objects = dict(row.objects)
    return NewVoucherRow(
        account=int(row.account),
        debit=decimal_from_ore(row.amount) if row.amount > 0 else Decimal(0),
        credit=decimal_from_ore(-row.amount) if row.amount < 0 else Decimal(0),
        cost_center=objects.get(COST_CENTRE),
        project=objects.get(PROJECT),
        transaction_information=row.text or None,
    )


def _row(voucher: Voucher, row: VoucherRow) -> DraftRow:
    """A row without objects of its own has those of its voucher, as in Fortnox's SIE files."""
    stated = ((COST_CENTRE, row.cost_center or voucher.cost_center), (PROJECT, row.project or voucher.project))
    objects: tuple[ObjectRef, ...] = tuple((dimension, code) for dimension, code in stated if code)
    try:
        amount = ore_from_decimal(row.amount)
    except ValueError:
        named = f"{voucher.voucher_series}/{voucher.voucher_number}"
        raise AnswerWrong(resource="vouchers", record=named, field="VoucherRows", reason="not whole öre") from None
    return DraftRow(str(row.account), amount, objects, row.transaction_information)
