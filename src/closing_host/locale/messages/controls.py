"""Words of the import controls and of organisation numbers."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "control-i01": "Vouchers balance",
    "control-i02": "Closing balances agree with the vouchers",
    "control-i03": "Opening balances equal last year's closing balances",
    "control-i04": "Opening balances sum to zero",
    "control-i05": "No opening balance on result accounts",
    "control-i06": "Accounts used are in the chart",
    "control-i07": "Vouchers are dated in the financial year",
    "control-i08": "Voucher numbers are unique",
    "control-i09": "The books belong to the company",
    "control-i10": "There are vouchers",
    "control-i11": "Internal accounts net to zero",
    "control-no-vouchers": (
        "There are no vouchers to check. Import a complete SIE 4 file or from a live source if there should be."
    ),
    "control-no-year": "The import does not state its financial year. Choose a file with #RAR to check dates.",
    "control-no-chart": "The import holds no chart of accounts. Choose a complete export to check accounts.",
    "control-no-numbers": (
        "The vouchers have no numbers, so none can be repeated. The receiving program gives them numbers."
    ),
    "control-not-full-year": (
        "The balances cover the time until {covered_until} only, not the whole year. Import again when the year "
        "is complete."
    ),
    "control-no-opening": (
        "The import states no opening balances. Nothing to do for a new company; otherwise export the file again "
        "with balances."
    ),
    "control-no-previous-closing": (
        "The import states no closing balances of the year before. Import that year to compare."
    ),
    "control-no-closing": (
        "The import states no closing balances, so the vouchers may be a selection. Export the whole year to "
        "check them."
    ),
    "control-no-result": (
        "The import states no results of the year, so the vouchers may be a selection. Export the whole year to "
        "check them."
    ),
    "control-no-expected-number": (
        "There is no organisation number to compare with. State the engagement's to check that the books are the "
        "right company's."
    ),
    "i01-voucher-unbalanced": (
        "Voucher {series} {number} of {date} is out of balance by {amount}. It was kept; correct it in the source"
        " and import again."
    ),
    "i02-closing-differs": (
        "Account {account}: the stated closing balance is {stated}, but opening balance and vouchers give "
        "{computed}, a difference of {difference}. Look for vouchers missing from the export."
    ),
    "i02-result-differs": (
        "Account {account}: the stated result is {stated}, but the vouchers give {computed}, a difference of "
        "{difference}. Look for vouchers missing from the export."
    ),
    "i03-opening-differs": (
        "Account {account} opens at {opening} but closed last year at {closing}, a difference of {difference}. "
        "Check whether last year was changed after its balances were carried forward."
    ),
    "i03-previous-result": (
        "In total the differences are {amount}, which is last year's result: it had not been booked when last "
        "year's balances were stated. Nothing else is wrong if it explains every account."
    ),
    "i04-opening-not-zero": (
        "The opening balances sum to {amount} instead of zero: the previous year's result is not closed. Book it "
        "in the source and carry the balances forward again."
    ),
    "i05-opening-on-result-account": (
        "Result account {account} has an opening balance of {amount}. It is not counted; result accounts open at "
        "zero. Remove it in the source."
    ),
    "i06-account-undeclared": (
        "Account {account} is used ({rows} rows) but not in the chart of accounts. It is shown as “(saknas)”; add"
        " it in the source and import again."
    ),
    "i07-date-outside-year": (
        "Voucher {series} {number} is dated {date}, outside the financial year {start} – {end}. Correct the date "
        "in the source, or import the right year."
    ),
    "i08-number-repeated": (
        "{count} vouchers have the same number {series} {number} (dated {dates}). Renumber all but one in the source."
    ),
    "i09-number-differs": (
        "The books belong to {company} with organisation number {stated}, but the engagement is for {expected}. "
        "Nothing was stored. Choose the right file or company."
    ),
    "i09-number-missing": (
        "The books state no organisation number, so nothing shows that they are the right company's. Check the "
        "company's name before you go on."
    ),
    "i10-no-vouchers": "The import holds no vouchers. That is right for a year without bookkeeping and for SIE 1-3.",
    "i11-internal-not-zero": (
        "The internal accounts ({accounts}) sum to {amount} instead of zero. They stand outside the statements; "
        "check them if you use internal accounting."
    ),
    "organisation-number-missing": "The organisation number is missing. Write ten digits, such as 556677-8899.",
    "organisation-number-length": (
        "The organisation number {number} has not ten digits (or twelve with the century). Correct it, such as "
        "556677-8899."
    ),
    "organisation-number-century": (
        "The organisation number {number} begins with a century that does not fit it: 16 for a company, 18, 19 or"
        " 20 for a person. Leave the first two digits out."
    ),
    "organisation-number-birth-date": (
        "The number {number} looks like a personal identity number, but its date of birth does not exist. Correct it."
    ),
    "organisation-number-check-digit": (
        "The organisation number {number} has a wrong check digit. Look for a mistyped digit."
    ),
    "sum-too-large": (
        "The amounts on {record} add up to more than can be shown exactly. Look for an amount with too many "
        "digits in the source."
    ),
}
