"""Engagements, their books, and importing into them."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "engagement-nameless": "An engagement needs a name. Give the client's.",
    "engagement-exists": (
        "{name} ({number}) already has engagement {engagement}. Use that one: a company has one engagement with all "
        "its financial years."
    ),
    "engagement-ambiguous": "{count} engagements fit “{reference}”. Give the number from closing engagement list.",
    "engagement-without-books": "{name} has no books yet. Import them first.",
    "year-without-books": "The year that begins on {year} has no books yet. Import them first.",
    "engagement-not-stated": (
        "{file} states no organisation number, so nothing tells whose books these are. Say it: "
        "closing import --engagement ENGAGEMENT FILE, or --new to open an engagement."
    ),
    "engagement-missing": (
        "No engagement has the organisation number {number} ({company}) that {file} states. Open one by adding --new, "
        "or name the right one with --engagement."
    ),
    "year-unknown": "{name} has no financial year {year}. It has: {years}.",
    "year-not-stated": (
        "{file} states no financial year (#RAR 0), so its books cannot be placed. Export the file again as type 4 "
        "with balances."
    ),
    "year-reversed": (
        "{file} states a financial year that ends {end} before it begins {start}. Correct #RAR 0 in the program that "
        "wrote it and export again."
    ),
    "year-overlaps": (
        "The financial year {year} overlaps {known}, which {name} already has. Nothing was imported. Check the "
        "financial years in the program that wrote the file."
    ),
    "wrong-company-declined": (
        "The login reached {found_name}, which you said is not the engagement's company. The login was revoked. Log "
        "in again and choose the right company."
    ),
    "choice-not-offered": "There is no choice {choice} here. Choose one of: {choices}.",
    "series-code-length": "“{series}” is no series: a series has 1 to 20 letters. Choose one from the list.",
    "setting-unknown": "There is no such setting.",
    "compare-with-what": "Name two ledgers to compare, or one and --live ENGAGEMENT.",
    "nothing-to-import": (
        "Nothing says what to import. Name files, or an engagement with --engagement, or all connected ones with --all."
    ),
    "source-not-named": "Say which data source to connect to with --source. Those with a login: {sources}.",
    "snapshot-ambiguous": "{count} imports fit “{snapshot}”. Give more of the fingerprint, or the number.",
    "file-too-large": "{file} is {size} MB; {limit} MB is the most. Export one financial year at a time.",
    "file-unreadable": "{file} cannot be read. Check the name and that you may read it.",
    "file-not-recognised": "No data source reads {file}. Files with these endings can be read: {suffixes}.",
    "unexpected-fault": "Something failed that should not. Please report it with the run's id.",
    "account-unknown": "There is no account {account} in these books. Choose one of those in the balances.",
    "format-not-stated": "Nothing tells which format {file} shall have. Add --to parquet, csv, xlsx or sie.",
    "target-exists": "{file} is there already and is not overwritten. Choose another name or remove it.",
}
