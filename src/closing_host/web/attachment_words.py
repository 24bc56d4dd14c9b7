"""Words and kinds of what the pages of attachments show, beside those that documents share."""

from collections.abc import Sequence
from typing import Final

from closing_host.closing.schedule import Copying, Standing
from closing_host.documents import attachment_words as shared
from closing_host.locale import Words
from closing_host.storage.attachments import AttachmentVersion

side_words = shared.side_words
title = shared.title
bucket_words = shared.bucket_words
class_words = shared.class_words
reason_words = shared.reason_words

SEVERITIES: Final = {"error": "bad", "warning": "warn", "info": "idle"}
"""Kind of badge for a finding's severity."""


def severity_words(words: Words) -> dict[str, str]:
    """How grave a finding is."""
    return dict(zip(SEVERITIES, words.texts("Wrong", "Look at it", "To know"), strict=True))


def accounts_words(words: Words, accounts: Sequence[str]) -> str:
    """*1510 och 2440*."""
    *others, last = accounts
    return words.text("{others} and {last}", others=", ".join(others), last=last) if others else last


def outcome_words(words: Words, version: AttachmentVersion) -> str:
    """*slutlig*, *ännu inte slutlig*, or why it failed."""
    if version.error is not None:
        return words.error(version.error)
    return words.text("final") if version.final else words.text("not yet final")


def change_words(words: Words) -> dict[str, str]:
    """How an item differs between two versions."""
    return dict(zip(("added", "gone", "changed"), words.texts("added item", "gone", "changed item"), strict=True))


def field_words(words: Words) -> dict[str, str]:
    """The columns of an item that may differ."""
    names = ("party", "party_name", "external_number", "dated", "due", "original", "paid", "open", "check")
    said = words.texts(
        "Party no.", "Party", "Supplier's number", "Dated", "Due", "Original", "Paid", "Open", "To be checked"
    )
    return dict(zip(names, said, strict=True))


def copying_words(words: Words) -> dict[Copying, str]:
    """What the next period gets of an own attachment."""
    names: tuple[Copying, ...] = ("with_data", "without_data", "none")
    return dict(zip(names, words.texts("copied with data", "copied without data", "not copied"), strict=True))


def standing_words(words: Words) -> dict[Standing, str]:
    """On which side positive amounts stand."""
    names: tuple[Standing, ...] = ("debit", "credit")
    return dict(zip(names, words.texts("Debit (asset)", "Credit (liability)"), strict=True))
