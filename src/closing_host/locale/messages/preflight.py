"""Words of the pre-flight checks before an export."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "preflight-e01": "Debit equals credit",
    "preflight-e02": "At least two rows, none of them zero",
    "preflight-e03": "The accounts exist in the source for the year",
    "preflight-e04": "The accounts are active",
    "preflight-e05": "The voucher series exists for the year",
    "preflight-e06": "The voucher series allows manual posting",
    "preflight-e07": "The date is in the financial year",
    "preflight-e08": "The date is not locked",
    "preflight-e09": "Cost centres and projects exist and are active",
    "preflight-e10": "The text is there and can be sent",
    "preflight-e11": "The imported books are fresh",
    "preflight-e12": "The connection reaches the right company",
    "preflight-e13": "Not already transferred",
    "preflight-e14": "The connection can be used",
    "preflight-e15": "What is signed off in the period holds",
    "preflight-e16": "System entries are what their rules want",
    "preflight-no-terms": (
        "{checks} could not run: {source} has not been asked. Make an import to activate the connection, then "
        "check again."
    ),
    "preflight-no-chart": (
        "{checks} could not run: {source} states no chart of accounts for the year. Check the accounts there yourself."
    ),
    "preflight-no-series": (
        "{checks} could not run: {source} states no voucher series for the year. Check the series there yourself."
    ),
    "preflight-no-changes": (
        "{checks} could not run: {source} cannot tell whether vouchers have changed since the import. Import "
        "first if somebody has worked in the books."
    ),
    "preflight-no-expected-number": (
        "{checks} could not run: the engagement has no organisation number to compare with. State it, or check "
        "yourself that the connection to {source} reaches the right company."
    ),
    "preflight-no-stated-number": (
        "{checks} could not run: {source} states no organisation number. Check yourself that the connection "
        "reaches the right company."
    ),
    "preflight-no-books": (
        "{checks} could not run: the year has no imported books. Import first, so that what is signed off can be "
        "held against them."
    ),
    "preflight-no-marker-search": (
        "{checks} ran in part: {source} has not been asked whether it has the entries already. The export looks "
        "before it sends."
    ),
    "e01-unbalanced": "{entry} is out of balance by {amount}. Correct its rows so that debit equals credit.",
    "e02-too-few-rows": "{entry} has {count} rows. A voucher needs at least two; add the counter account.",
    "e02-zero-row": "{entry}, row {row}: the amount on account {account} is zero. State an amount or remove the row.",
    "e03-account-unknown": (
        "{entry}, row {row}: account {account} is not in the chart of accounts for the year in {source}. Add it "
        "there, or choose another account."
    ),
    "e04-account-inactive": (
        "{entry}, row {row}: account {account} is not active in {source}. Activate it there, or choose another account."
    ),
    "e05-series-not-chosen": "{entry}: no voucher series is chosen for {kind} entries. Choose one.",
    "e05-series-unknown": (
        "{entry}: {source} has no voucher series {series} in the financial year {year}. Choose another series, or "
        "add it there for that year."
    ),
    "e06-series-not-manual": (
        "{entry}: the voucher series {series} in {source} does not allow manual posting. Choose another series, "
        "or allow it there."
    ),
    "e07-outside-year": (
        "{entry} is dated {date}, outside the financial year {year} in {source}. Change the date, or export it "
        "with the year that it belongs to."
    ),
    "e08-locked": (
        "{entry} is dated {date}, but {source} is locked through {through}. Unlock the period there, or date the "
        "entry after it."
    ),
    "e08-locked-series-open": (
        "{entry} is dated {date}, and {source} is locked through {through}. Series {series} is marked as not "
        "lockable, so it can be tried; {source} decides."
    ),
    "e09-object-unknown": (
        "{entry}, row {row}: object {object} of dimension {dimension} on account {account} is not in {source}. "
        "Add it there, or remove it from the row."
    ),
    "e09-object-inactive": (
        "{entry}, row {row}: object {object} {name} of dimension {dimension} on account {account} is not active "
        "in {source}. Activate it there, or remove it from the row."
    ),
    "e10-no-text": "{entry} has no text. Write what the voucher is about.",
    "e10-text-too-long": (
        "{entry}: the text is {length} characters with its number, and at most {limit} can be sent. Shorten it."
    ),
    "e10-text-characters": (
        "{entry}: the text holds what {source} may not take: {characters}. Write it with ordinary letters and signs."
    ),
    "e10-row-text-too-long": (
        "{entry}, row {row}: the row's text is {length} characters, and at most {limit} can be sent. Shorten it."
    ),
    "e10-row-text-characters": (
        "{entry}, row {row}: the row's text holds what {source} may not take: {characters}. Write it with "
        "ordinary letters and signs."
    ),
    "e10-no-room-for-marker": (
        "{entry}: {source} takes comments of {limit} characters, too few for the mark by which a voucher is found "
        "again. Export to a file instead."
    ),
    "e11-books-stale": (
        "Vouchers changed in {source} after the import: {count}. Import first, so that the entries build on "
        "today's books."
    ),
    "e12-other-company": (
        "The connection to {source} reaches the company {stated}, but the engagement is for {expected}. Connect "
        "the right company."
    ),
    "e12-other-account": (
        "The connection to {source} reaches another company file ({stated}) than the one that was connected "
        "({expected}). Connect again."
    ),
    "e13-transferred": (
        "{entry} is already transferred as {voucher}. Correct it by another entry, or choose to export it again "
        "if it is missing there."
    ),
    "e13-transferred-by-file": (
        "{entry} is already transferred by a file. Correct it by another entry, or choose to export it again if "
        "it is missing in the books."
    ),
    "e13-on-the-way": (
        "{entry} is on its way and its outcome is not known yet. Wait until {source} has been asked, or run the "
        "export again later."
    ),
    "e13-not-for-export": "{entry} is a draft, deleted or not for transfer. Make it ready first, or leave it out.",
    "e13-found": (
        "{entry} is already in {source} as {voucher}. The export notes that and does not send it again; look at "
        "the voucher if you did not expect it."
    ),
    "e13-found-twice": (
        "{entry} is in {source} more than once: {vouchers}. Reverse all but one there, then import; nothing is sent."
    ),
    "e15-changed-after-done": (
        "{entry}: accounts of its period have changed after they were signed off ({count}: {accounts}). Look at what "
        "changed, and sign off again or correct the entry."
    ),
    "e16-out-of-date": (
        "{entry} is out of date: its rule computes something else now. Look at the system entries and make them anew "
        "first."
    ),
    "series-not-manual": (
        "Series {series} in {source} does not allow manual posting. Allow it there, or choose another."
    ),
}
