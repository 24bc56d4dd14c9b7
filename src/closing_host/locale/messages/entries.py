"""Closing entries: what may not be written, what may not be done with one, its states and what to do in each."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "entry-unknown": "There is no closing entry {entry}. Choose one of the list.",
    "entry-year-unknown": (
        "The engagement has no financial year that begins on {year}. Import that year's books, then make the entry."
    ),
    "entry-year-without-books": "The year that begins on {year} has no books yet. Import them, then make the entry.",
    "entry-period-without-balance": (
        "The books do not say what account {account} stands at when {period} ends. State the entry for the year end."
    ),
    "entry-changed-meanwhile": (
        "{entry} was changed by {by} ({at}) while you worked on it, so your change was not saved. Look at it again, "
        "then make your change."
    ),
    "entry-not-editable": (
        "{entry} is on its way to the source or booked there, so it can be neither changed nor deleted. When it is "
        "booked, correct it with another entry."
    ),
    "entry-deleted": "{entry} is deleted. Bring it back first.",
    "entry-transition-refused": (
        "{entry} cannot go from state {status} to {wanted} now: somebody was quicker, or it is not allowed. Look at "
        "it again."
    ),
    "entry-by-rule": "{entry} is a system entry, made by a rule. Change what the rule goes by; the entry follows.",
    "entry-is-reversal": "{entry} reverses {original} and follows it. Change {original} instead.",
    "entry-not-deleted": "{entry} is not deleted, so there is nothing to restore.",
    "entry-already-corrected": "{entry} is already corrected by {correction}. Change or correct {correction} instead.",
    "entry-not-correctable": (
        "{entry} is not booked in the source, so there is nothing to correct. Change or delete it."
    ),
    "entry-missing": (
        "{entry} is missing in the source, so there is nothing to correct. Export it again, or state that it is not "
        "for transfer."
    ),
    "entry-double": "{entry} is booked twice, or it is not sure where. Decide that first, then correct it.",
    "entry-not-year-end": "{entry} belongs to a month. Only a year-end entry can be not for transfer.",
    "entry-reason-missing": "State why {entry} is not for transfer.",
    "entry-date-outside-year": (
        "The date {date} is outside the financial year {first} – {last}. Choose a day within it."
    ),
    "entry-date-not-last": "A year-end entry is dated the year's last day, {last}, and not {date}.",
    "entry-period-unknown": (
        "The period {period} does not hold the date {date}. Choose the month of the date, or the year end."
    ),
    "entry-text-missing": "The entry has no text. State what it is.",
    "entry-text-too-long": (
        "The text has {length} characters; with its number in front there is room for {limit}. Shorten it."
    ),
    "entry-text-characters": (
        "The text holds what bookkeeping programs do not take: {characters}. Write it in another way."
    ),
    "entry-rows-missing": "The entry has {count} rows and needs two at least. State an account and an amount for each.",
    "entry-unbalanced": "Debit and credit differ by {amount}. Change a row or add one.",
    "entry-row-zero": "Row {row} ({account}) is zero. State an amount or leave it out.",
    "entry-amount-large": "Row {row} ({account}) is larger than any amount that can be booked. Check it.",
    "entry-account-missing": "Row {row} has no account. Choose one.",
    "entry-account-unknown": (
        "Row {row}: the company has no account {account}. Did you mean {nearest}? A new account is made in the source "
        "and imported."
    ),
    "entry-object-unknown": "Row {row} ({account}): the company has no object {object}. State one that the books have.",
    "entry-row-text-too-long": (
        "Row {row} ({account}): the text has {length} characters and there is room for {limit}. Shorten it."
    ),
    "entry-row-text-characters": (
        "Row {row} ({account}): the text holds what bookkeeping programs do not take: {characters}. Write it in "
        "another way."
    ),
    "entry-no-difference": "Account {account} already stands at that amount. No entry is needed.",
    "entry-counter-account-missing": "No counter account is known for {account}. State one.",
    "entry-no-proposal": (
        "There is no proposed entry {number}: the attachment proposes {count}. Look at its explanation."
    ),
    "entry-row-unreadable": (
        "The row {row} cannot be read. State it as ACCOUNT=AMOUNT, such as 7010=12000 or 2910=-12000,50."
    ),
    "entry-origins-several": "State the rows, a difference or an attachment, and only one of them.",
    "entry-year-added": (
        "The financial year {first} – {last} was added to hold the reversal. When its books are imported they state "
        "its real end."
    ),
    "entry-reversal-booked": (
        "The reversal {reversal} of {entry} is booked or on its way and stays as it is. Correct it with another entry."
    ),
    "entry-correction-of-changed": (
        "The source holds {entry} changed. The correction takes back what was sent; compare it with what is booked now."
    ),
    "entry-status-draft": "Draft",
    "entry-status-ready": "Not transferred",
    "entry-status-not-for-transfer": "Not for transfer",
    "entry-status-sending": "Being transferred",
    "entry-status-transferred": "Transferred",
    "entry-status-unknown": "Unknown outcome",
    "entry-status-failed": "Failed",
    "entry-status-excluded": "Transferred - excluded",
    "entry-status-missing": "Transferred - missing in {source}",
    "entry-status-changed": "Transferred - changed in {source}",
    "entry-status-double": "Booked twice",
    "entry-status-deleted": "Deleted",
    "entry-next-draft": "It counts nowhere yet. Complete it and make it ready: closing entries edit --ready.",
    "entry-next-ready": "It counts here and is sent at the next export: closing export.",
    "entry-next-not-for-transfer": (
        "It counts here and is never sent. Book it in {source} yourself if it belongs there."
    ),
    "entry-next-sending": "It is being sent to {source}. Wait; if the program was stopped: closing export resume.",
    "entry-next-transferred": "{source} has it; it counts here until an import shows it. Import: closing import.",
    "entry-next-unknown": (
        "The answer was lost. The program looks in {source} before anything is sent again: closing export resume. Do "
        "not book it by hand."
    ),
    "entry-next-failed": (
        "{source} refused it and booked nothing. Change it (closing entries edit) or the source, then export it again."
    ),
    "entry-next-excluded": (
        "The imported books hold it, so it is not counted again. Correct it with another entry: closing entries "
        "correct."
    ),
    "entry-next-missing": (
        "The imported books lack it, so it counts here. Export it again (closing entries again), or state that it is "
        "not for transfer."
    ),
    "entry-next-changed": (
        "{source} holds it changed, and what stands there counts. Compare; correct it there or with another entry."
    ),
    "entry-next-double": (
        "{source} holds it more than once, or it is not sure. Look there, then decide: closing entries settle."
    ),
    "entry-next-deleted": "It counts nowhere and its number stays taken. Bring it back: closing entries restore.",
}
