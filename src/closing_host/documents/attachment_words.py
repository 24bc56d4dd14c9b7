"""An attachment's sides, buckets, classes and reasons in words."""

from closing_host.api.subledger import Side
from closing_host.closing.ageing import BUCKETS
from closing_host.closing.attachment import Attachment
from closing_host.closing.explanation import LETTERS
from closing_host.locale import Words


def side_words(words: Words, side: Side) -> str:
    """*Kundfordringar* or *Leverantörsskulder*."""
    return words.text("Receivables") if side == "receivables" else words.text("Payables")


def title(words: Words, made: Attachment) -> str:
    """*Kundfordringar (1510) per 2025-12-31*."""
    accounts = "+".join(made.control_accounts)
    return words.text(
        "{side} ({accounts}) as at {day}", side=side_words(words, made.side), accounts=accounts, day=made.as_at
    )


def bucket_words(words: Words) -> dict[str, str]:
    """Each of `ageing.BUCKETS`."""
    return dict(zip(BUCKETS, (words.text("Not due"), "1-30", "31-60", "61-90", "> 90"), strict=True))


def class_words(words: Words) -> dict[str, str]:
    """Each class of the explanation (P 7.4.6)."""
    said = words.texts(
        "Vouchers that no document or payment refers to",
        "Documents whose voucher differs from their total",
        "Documents booked on another account",
        "Dated on one side of the day, booked on the other",
        "Documents without voucher",
        "Opening difference",
        "Unexplained difference",
    )
    return dict(zip(LETTERS, said, strict=True))


def reason_words(words: Words) -> dict[str, str]:
    """Why a document is listed and not summed."""
    said = words.texts("Unbooked", "Cancelled", "Booked after the day")
    return dict(zip(("unbooked", "cancelled", "booked_later"), said, strict=True))
