"""Words of what the SIE reader says: one text per code of `closing_host.sie.findings`, and its errors."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "sie-5-unsupported": (
        "This is a SIE 5 file (XML), which cannot be read. Ask the program that made it for a SIE 4 file."
    ),
    "sie-not-recognised": "This is no SIE file: no line begins with # and a label. Choose another file.",
    "sie-encoding-unknown": (
        "There is no encoding named “{encoding}”. Use cp437, utf-8 or cp1252, or leave it out to let the file decide."
    ),
    "sie-encoding-unexpected": (
        "The file is written in {encoding} and not in code page 437 as the format demands. It was read as "
        "{encoding}; if letters look wrong, choose another encoding."
    ),
    "sie-letters-destroyed": (
        "{count} letters were already lost when the file was made, or do not fit the encoding; the first stands "
        "on line {line}: {text}. Figures are not affected. Export the file again, or choose another encoding."
    ),
    "sie-letters-garbled": (
        "{count} letters were garbled before the file was saved, such as Ã¥ for å; the first stands on line "
        "{line}: {text}. Figures are not affected. Export the file again."
    ),
    "sie-control-character": (
        "{count} lines hold control characters, the first of them line {line}. They were read as blanks; check "
        "the texts on those lines."
    ),
    "sie-line-too-long": (
        "Line {line} is longer than {limit} bytes. Only its beginning was read; check the file in the program "
        "that made it."
    ),
    "sie-checksum-wrong": (
        "The file's control sum #KSUMMA is {stated} but its contents give {counted}. The file was changed after "
        "it was made; export it again."
    ),
    "sie-checksum-unclosed": (
        "The control sum #KSUMMA that begins on line {line} never ends: the end of the file is missing. Export it "
        "again."
    ),
    "sie-checksum-unopened": (
        "A control sum #KSUMMA ends on line {line} but never begins, so it could not be checked. The beginning of "
        "the file may be missing; export it again."
    ),
    "sie-line-unreadable": (
        "Line {line} is no record and was passed over: {text}. It may be the rest of a text with a line break in "
        "it; check the line before it."
    ),
    "sie-label-unknown": (
        "{count} records #{label} were passed over, the first on line {line}: the label is not part of SIE 4. "
        "Nothing to do unless you need what they say."
    ),
    "sie-record-incomplete": (
        "#{label} on line {line} lacks fields that it must have: {text}. It was not used; correct it in the "
        "program that made the file."
    ),
    "sie-record-repeated": (
        "#{label} stands once more on line {line}: {text}. The first one was used; check which is right."
    ),
    "sie-quote-unclosed": (
        "On line {line}, column {column}, a quote is never closed: {text}. The text was read to the end of the "
        "line; what follows in it may belong to other fields."
    ),
    "sie-quote-inside": (
        "On line {line}, column {column}, a quote stands inside a text without a backslash before it: {text}. It "
        "was read as part of the text; check the line."
    ),
    "sie-quotes-missing": (
        "The text of #{label} on line {line} has blanks but no quotes. It was read as “{text}”; check that "
        "nothing is missing."
    ),
    "sie-tab-in-text": "A text on line {line} holds a tab: {text}. It was read as a blank; nothing to do.",
    "sie-list-missing": (
        "{count} records #{label} lack the object list, the first on line {line}. They were read without objects; "
        "check if cost centres or projects should be there."
    ),
    "sie-list-unclosed": (
        "On line {line}, column {column}, an object list is never closed: {text}. What follows could not be read; "
        "correct the line in the program that made the file."
    ),
    "sie-list-wrong": (
        "On line {line}, column {column}, the object list does not hold pairs of dimension number and object: "
        "{text}. That part of it was left out; check cost centres and projects."
    ),
    "sie-fields-extra": (
        "{count} records #{label} have more fields than SIE 4 defines, the first on line {line}: {text}. The "
        "extra fields were not read."
    ),
    "sie-fields-shifted": (
        "#{label} on line {line} has a field too few or too many before “{text}”. It was read by what the fields "
        "look like; check the voucher or balance."
    ),
    "sie-fields-swapped": (
        "{count} records #{label} have account and period in each other's place, the first on line {line}. They "
        "were read as meant; check one of them."
    ),
    "sie-read-before": (
        "#FLAGGA is 1: the file has been read into a program before. Check that it is the file you mean."
    ),
    "sie-type-unknown": (
        "#SIETYP on line {line} is “{value}”, not 1 to 4. The type was judged by what the file holds; check the result."
    ),
    "sie-company-name-missing": (
        "The file states no company name (#FNAMN). Check that it is the right company's file."
    ),
    "sie-address-incomplete": (
        "#ADRESS on line {line} has {count} fields instead of four. They were read in order; check the address."
    ),
    "sie-date-unreadable": (
        "“{text}” in #{label} on line {line} is no date. It was left empty; correct it in the program that made "
        "the file."
    ),
    "sie-date-hyphens": (
        "The date on line {line} is written with hyphens: {text}. It was read as meant; nothing to do."
    ),
    "sie-tax-year-odd": (
        "#TAXAR on line {line} is “{value}”, which is no year of four digits. It was kept as it stands; check "
        "which year's SRU codes the file has."
    ),
    "sie-year-unreadable": (
        "The financial year on line {line} cannot be read: {text}. It was left out; correct the dates in the "
        "program that made the file."
    ),
    "sie-year-reversed": (
        "The financial year on line {line} ends {end}, before it starts {start}. It was left out; correct the "
        "dates in the program that made the file."
    ),
    "sie-year-long": (
        "The financial year on line {line}, {start} to {end}, is longer than 18 months. Check the dates."
    ),
    "sie-year-missing": (
        "The file does not state this year's financial year (#RAR 0). Export it again with the year, or import it "
        "into a year that you choose."
    ),
    "sie-year-unstated": (
        "The file states no financial year (#RAR 0), which a file of vouchers need not do. Check the vouchers' dates."
    ),
    "sie-account-not-numeric": (
        "Account “{account}” on line {line} is not a number. It was kept as it stands; map it to a numeric "
        "account before closing."
    ),
    "sie-account-unusual": (
        "Account {account} on line {line} does not have three to six digits. It was kept as it stands; check that "
        "it is right."
    ),
    "sie-account-type-unknown": (
        "The type of account {account} on line {line} is “{text}”, not T, S, K or I. It was left empty; correct "
        "it in the program that made the file."
    ),
    "sie-account-undeclared": (
        "#{label} on line {line} is about account {account}, which the file does not declare (#KONTO). It was not "
        "used; add the account in the program that made the file."
    ),
    "sie-dimension-unreadable": (
        "“{text}” in #{label} on line {line} is no dimension number. It was left out; correct it in the program "
        "that made the file."
    ),
    "sie-balance-unreadable": (
        "#{label} of account {account} on line {line} cannot be read at column {column}: “{text}”. The balance is "
        "missing; correct it in the program that made the file."
    ),
    "sie-voucher-date-missing": (
        "Voucher {series} {number} on line {line} has no date. It belongs to no period until the date is set in "
        "the program that made the file."
    ),
    "sie-voucher-date-unreadable": (
        "The date of voucher {series} {number} on line {line} cannot be read: “{value}”. It belongs to no period "
        "until the date is corrected in the program that made the file."
    ),
    "sie-voucher-registered-unreadable": (
        "The registration date on line {line} cannot be read: “{value}”. It was left empty; nothing else is affected."
    ),
    "sie-voucher-series-missing": (
        "{count} vouchers have no series, the first on line {line}. They are shown with the series “-”; nothing to do."
    ),
    "sie-voucher-number-missing": (
        "{count} vouchers have no number, the first on line {line}. They are told apart by date, text and rows; "
        "nothing to do."
    ),
    "sie-voucher-empty": (
        "Voucher {series} {number} on line {line} has no rows. It may be a cancelled number; check it in the "
        "program that made the file."
    ),
    "sie-brace-open-missing": (
        "{count} vouchers lack the {{ before their rows, the first on line {line}. Their rows were read all the "
        "same; nothing to do."
    ),
    "sie-brace-close-missing": (
        "{count} vouchers lack the }} behind their rows, the first of them closed by line {line}. Rows may be "
        "missing; check the vouchers there, and that the file is whole."
    ),
    "sie-brace-stray": (
        "{count} braces belong to no voucher, the first on line {line}. They were passed over; check the vouchers "
        "around them."
    ),
    "sie-row-outside-voucher": (
        "The row on line {line} belongs to no voucher and is not in the books: {text}. Correct the file's "
        "vouchers in the program that made it."
    ),
    "sie-account-missing": (
        "The voucher row on line {line} has no account. Its amount is in no balance; add the account in the "
        "program that made the file."
    ),
    "sie-amount-missing": (
        "The voucher row on line {line}, account {account}, has no amount. The row counts as nothing; add the "
        "amount in the program that made the file."
    ),
    "sie-amount-unreadable": (
        "“{value}” on line {line}, account {account}, is no amount. The row counts as nothing; correct it in the "
        "program that made the file."
    ),
    "sie-amount-too-precise": (
        "The amount {value} on line {line}, account {account}, has more than two decimals. It was not rounded and "
        "counts as nothing; correct it in the program that made the file."
    ),
    "sie-amount-too-large": (
        "The amount {value} on line {line}, account {account}, is beyond 100 000 billion kronor and counts as "
        "nothing. Correct it in the program that made the file."
    ),
    "sie-amount-form": (
        "The amount on line {line}, account {account}, is written “{value}”. It was read as meant; check it once."
    ),
    "sie-quantity-unreadable": (
        "The quantity “{value}” on line {line} cannot be read, or has more than six decimals. It was left empty; "
        "amounts are not affected."
    ),
    "sie-row-date-unreadable": (
        "The row's own date on line {line} cannot be read: “{value}”. It was left empty; the voucher's date counts."
    ),
    "sie-row-date-is-text": (
        "On line {line} the text “{value}” stands in the date's place. It was read as the row's text; check it once."
    ),
    "sie-twin-missing": (
        "The row added on line {line} (#RTRANS, account {account}) is not followed by the same row as #TRANS. It "
        "is not in any sum; check the voucher in the program that made the file."
    ),
    "sie-findings-more": (
        "{count} more findings of the kind {about} are not listed one by one. Correct the first ones and read the "
        "file again."
    ),
}
