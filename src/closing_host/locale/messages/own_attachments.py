"""Words of schedules of the user's own, and of attached files."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "schedule-not-balance": (
        "{account} is no balance account. An attachment specifies an account of class 1 or 2; choose one of those."
    ),
    "schedule-account-unknown": (
        "Account {account} is neither declared nor used in the books of {year}. Check the number, or import newer "
        "books."
    ),
    "schedule-outside-year": (
        "{as_at} lies outside the financial year {start} – {end}. Choose a day in the year, or open the right year."
    ),
    "schedule-rows": "The attachment has {count} rows; it may have {most}. Sum rows up, or attach the list as a file.",
    "schedule-textless": "Row {row} has no text. Say what its amount is.",
    "schedule-text-long": "The text of row {row} is longer than {most} characters. Shorten it.",
    "schedule-amount": "Up to row {row} the amounts are larger than books can hold. Check them.",
    "schedule-comment-long": (
        "The title may have {title} characters and the comment {comment}. Shorten them, or attach a file."
    ),
    "schedule-row-unreadable": (
        "“{row}” is no row. Write TEXT=AMOUNT, such as “Upplupen ränta=1 234,50”; the amount has at most two decimals."
    ),
    "own-attachment-removed": "Own attachment {number} is removed. Put it back, then change it.",
    "attached-file-empty": "{file} is empty. Attach a file with something in it.",
    "attached-file-large": "{file} is larger than {megabytes} MB. Attach a smaller one, or a part of it.",
    "attached-file-type": "{file} is of a kind that is not attached. Use one of {allowed}.",
    "attached-file-content": (
        "{file} is not what its name says: its content is no {type} file, or one with macros. Save it anew as {type}, "
        "or correct the name."
    ),
    "attached-file-other-account": (
        "Own attachment {number} belongs to account {account}. Attach the file there, or to the account alone."
    ),
    "attached-file-swept": "The file was cleared away before it could be attached. Attach it again.",
    "rows-file-type": "{file} holds no rows that are read. Use a CSV or XLSX file with two columns: text and amount.",
    "rows-file-large": (
        "{file} is too large for rows: {megabytes} MB at most. Attach it as a file and sum it up instead."
    ),
    "rows-columns": (
        "{file}, line {line}: more than two columns. Keep text and amount; with commas between columns, put amounts "
        "that have a comma in quotation marks."
    ),
    "rows-amount": (
        "{file}, line {line}: “{text}” is no amount with at most two decimals. Correct it, such as 1 234,50 or 1234.50."
    ),
    "rows-textless": "{file}, line {line}: an amount without text. Say what it is.",
    "rows-none": "{file} holds no rows. Each needs a text and an amount.",
    "rows-unreadable": "{file} cannot be read. Open it in its own program, save it anew, and try again.",
}
