"""Words of the checks of the transaction analysis: names, rules, findings, and why one could not run."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "analysis-ta01": "Unbalanced voucher",
    "analysis-ta01-rule": "The rows of each voucher sum to zero.",
    "analysis-ta01-found": "Voucher {series} {number} of {date} is off by {amount}.",
    "analysis-ta02": "Empty voucher or voucher of one row",
    "analysis-ta02-rule": "Each voucher has at least two rows of an amount other than zero.",
    "analysis-ta02-found": "Voucher {series} {number} of {date} has {count} rows of an amount.",
    "analysis-ta03": "Gap in a number series",
    "analysis-ta03-rule": "The numbers of each series follow each other from 1, the year so far.",
    "analysis-ta03-found": "Series {series} lacks {first}-{last} ({count} numbers).",
    "analysis-ta04": "Repeated voucher number",
    "analysis-ta04-rule": "No two vouchers of the year have the same series and number.",
    "analysis-ta04-found": "{count} vouchers are called {series} {number}.",
    "analysis-ta05": "Date outside the financial year",
    "analysis-ta05-rule": "Every voucher is dated in the financial year.",
    "analysis-ta05-found": "Voucher {series} {number} is dated {date}; the year is {start} to {end}.",
    "analysis-ta06": "Dates out of order",
    "analysis-ta06-rule": "No voucher is dated long before one of a lower number in its series.",
    "analysis-ta06-found": (
        "Voucher {series} {number} is dated {date}, {days} days before {latest}, which a lower number has."
    ),
    "analysis-ta07": "Registered late",
    "analysis-ta07-rule": "Every voucher is registered within the days that are allowed after its month.",
    "analysis-ta07-found": "Voucher {series} {number} of {date} was registered {registered_on}; it was due {due}.",
    "analysis-ta08": "Booked in a signed-off period",
    "analysis-ta08-rule": "Nothing is dated in a period that was signed off or locked without it.",
    "analysis-ta08-found": "Voucher {series} {number} of {date} was not there when {start} to {end} was signed off.",
    "analysis-ta09": "Booked on a holiday",
    "analysis-ta09-rule": "Nothing is posted by hand on a Saturday, a Sunday or a public holiday.",
    "analysis-ta09-found": "Voucher {series} {number} is dated {date}. {holiday}",
    "analysis-ta10": "Date in the future",
    "analysis-ta10-rule": "Nothing is dated after the day of the import.",
    "analysis-ta10-found": "Voucher {series} {number} is dated {date}; the import was made {imported_on}.",
    "analysis-ta11": "Unusually large amount",
    "analysis-ta11-rule": (
        "No row is further from zero than the account's earlier months make usual: mean plus three standard deviations."
    ),
    "analysis-ta11-found": "{amount} on {account} in voucher {series} {number} of {date}; up to {limit} is usual.",
    "analysis-ta12": "Unusually many transactions",
    "analysis-ta12-rule": (
        "No account has more rows in a month than its earlier months make usual: mean plus two standard deviations."
    ),
    "analysis-ta12-found": "{account} has {count} rows in {month}; about {usual} is usual.",
    "analysis-ta13": "Number against the same period last year",
    "analysis-ta13-rule": "An account has about as many rows as in the same period last year.",
    "analysis-ta13-found": "{account} has {now} rows and had {before} in the same period last year.",
    "analysis-ta14": "Balance on the wrong side",
    "analysis-ta14-rule": "Assets are not below zero and liabilities not above, but for accounts that may be either.",
    "analysis-ta14-found": "{account} {name} stands at {amount}.",
    "analysis-ta15": "Round amounts",
    "analysis-ta15-rule": "Nothing large and round is posted by hand.",
    "analysis-ta15-found": "{amount} on {account} in voucher {series} {number} of {date}.",
    "analysis-ta16": "Possible duplicate",
    "analysis-ta16-rule": (
        "The same amount does not come twice on an account within a week, in vouchers of the same text or accounts."
    ),
    "analysis-ta16-found": (
        "{amount} on {account} in voucher {series} {number} of {date}, and in {other} shortly before."
    ),
    "analysis-ta17": "Duplicate in the payables ledger",
    "analysis-ta17-rule": "No supplier has two invoices of the same number, or of the same amount and day.",
    "analysis-ta17-found": "{name} has {count} invoices alike: {documents} ({amount}).",
    "analysis-ta18": "Unusual account",
    "analysis-ta18-rule": "Every account with rows had some in the twelve months before.",
    "analysis-ta18-found": "{account} has {count} rows ({amount}) and had none in twelve months.",
    "analysis-ta19": "Account that shall be empty",
    "analysis-ta19-rule": "The listed accounts have neither rows nor a balance.",
    "analysis-ta19-found": "{account} {name} stands at {amount} and has {count} rows in the period.",
    "analysis-ta20": "Posted by hand on a control account",
    "analysis-ta20-rule": "Every row on a control account is of a voucher that an invoice or a payment refers to.",
    "analysis-ta20-found": (
        "{amount} on {account} in voucher {series} {number} of {date}, which no invoice or payment refers to."
    ),
    "analysis-ta21": "VAT in proportion",
    "analysis-ta21-rule": "The output VAT of a voucher is not that of a larger sale than it books.",
    "analysis-ta21-found": "Voucher {series} {number} of {date}: its VAT is that of {base}, and it sells for {sales}.",
    "analysis-ta22": "Social fees",
    "analysis-ta22-rule": "The year's social fees are about the statutory share of its salaries.",
    "analysis-ta22-found": (
        "Social fees are {fees} on salaries of {salaries}: {share} % instead of {rate} %, a difference of {amount}."
    ),
    "analysis-ta23": "Benford's law",
    "analysis-ta23-rule": "The first digits of the year's amounts are spread as they usually are.",
    "analysis-ta23-found": (
        "Of {count} rows {share} % begin with {digit}; {usual} % is usual (chi-square {chi_square})."
    ),
    "analysis-ta24": "Rounding",
    "analysis-ta24-rule": "Nothing but roundings is booked on the rounding account.",
    "analysis-ta24-found": "{amount} on {account} ({date}).",
    "analysis-ta25": "Opening against last closing",
    "analysis-ta25-rule": "Every balance account opens as it closed the year before.",
    "analysis-ta25-found": "{account} {name} opens at {opening} and closed at {closing}: a difference of {amount}.",
    "analysis-ta26": "Stated balances in the file",
    "analysis-ta26-rule": "The balances that the file states are those that its vouchers make.",
    "analysis-ta26-found": "{account} is stated as {stated} and computed as {computed}: a difference of {amount}.",
    "analysis-ta27": "Last year's result not moved",
    "analysis-ta27-rule": "Last year's result has been moved from its account.",
    "analysis-ta27-found": "{account} {name} opened at {amount}, and that has not been moved.",
    "analysis-ta28": "Result against balance sheet",
    "analysis-ta28-rule": "At the year's end the booked result is that of the accounts, and equity has taken it.",
    "analysis-ta28-found": "{account} lacks {amount}.",
    "analysis-ta29": "Cash below zero",
    "analysis-ta29-rule": "No cash account is below zero at the end of a day.",
    "analysis-ta29-found": "{account} {name} was below zero from {first} to {last}, at the least {amount}.",
    "analysis-ta30": "Tax allocation reserve too old",
    "analysis-ta30-rule": "No tax allocation reserve is more than six tax years old.",
    "analysis-ta30-found": "{account} {name} of {vintage} still holds {amount}.",
    "analysis-ta31": "Changed voucher",
    "analysis-ta31-rule": "No rows were struck from a voucher or added to it later.",
    "analysis-ta31-found": "Voucher {series} {number} of {date}: {struck} rows struck, {added} added.",
    "analysis-no-vouchers": (
        "There are no vouchers: the file states balances alone. Import a SIE4 file to run the check."
    ),
    "analysis-no-year": "The books state no financial year.",
    "analysis-no-numbers": "The vouchers have no numbers.",
    "analysis-no-registration-dates": "The source states no dates of registration.",
    "analysis-no-import-day": "It is not known when the books were imported.",
    "analysis-no-manual-series": (
        "It is not known which series are posted by hand. Make a check of your own that names them."
    ),
    "analysis-no-earlier-months": (
        "There are fewer than three earlier months to compare with. Import the year before as well."
    ),
    "analysis-no-year-before": "The year before is not imported with its vouchers. Import it as well.",
    "analysis-no-twelve-months": "The books do not reach twelve months back. Import the year before as well.",
    "analysis-no-payables": "There is no payables ledger. Import from a source that has one.",
    "analysis-no-sub-ledger": "There is no sub-ledger. Import from a source that has one.",
    "analysis-no-salaries": "There are no salaries.",
    "analysis-no-opening": "There are no opening balances.",
    "analysis-not-year-end": "The check is for the year-end closing (Årsavslut).",
    "analysis-no-history": "The source cannot tell which rows were changed.",
    "analysis-too-few-rows": "There are {count} rows, and the check needs {needed}.",
    "analysis-no-closing-before": "Nothing tells how the year before closed. Import it as well.",
    "analysis-year-missing": (
        "The books state no financial year, so there is nothing to analyse. Import a SIE4 file of a year."
    ),
    "analysis-check-unknown": "There is no check {check}. The checks are {checks}.",
    "year-too-long": (
        "The financial year {start} to {end} cannot be divided into periods: it has {months} months. Correct "
        "the year in the source and import again."
    ),
    "period-unknown": "There is no period {period}. The year has {periods}.",
    "analysis-no-parameters": "{check} has no parameters, so a copy of it would be the same check. Choose another.",
    "analysis-name-missing": "A check of your own needs a name of at most 200 characters.",
    "analysis-parameter-unknown": "{check} has no parameter {parameter}; it has {parameters}.",
    "analysis-value-wrong": (
        "{value} cannot be the value of {parameter}. State a number above zero, or accounts such as 1910-1919,2999; "
        "the two numbers of a range have as many digits, the lower one first."
    ),
    "analysis-reason-missing": "Say why {check} is switched off, in at most {limit} characters.",
    "analysis-check-not-own": "{check} is not a check of your own. Switch it off instead.",
    "analysis-comment-too-long": "The comment has {length} characters; {limit} fit. Shorten it.",
    "finding-unknown": "There is no single finding {finding} in these books now. Look at the analysis again.",
    "finding-none-chosen": "Choose at least one finding first.",
    "analysis-parameter-days": "Days",
    "analysis-parameter-deviations": "Standard deviations",
    "analysis-parameter-rows": "Rows",
    "analysis-parameter-percent": "Percent",
    "analysis-parameter-except": "Accounts that may be either",
    "analysis-parameter-least": "Smallest amount",
    "analysis-parameter-multiple": "Multiple of",
    "analysis-parameter-series": "Series of vouchers",
    "analysis-parameter-months": "Earlier months",
    "analysis-parameter-accounts": "Accounts",
    "analysis-parameter-rate": "Rate, percent",
    "analysis-parameter-points": "Percentage points",
    "analysis-parameter-salaries": "Accounts of salaries",
    "analysis-parameter-fees": "Accounts of social fees",
    "analysis-parameter-chi_square": "Chi-square",
    "analysis-parameter-row": "Largest row",
    "analysis-parameter-sum": "Largest sum",
}
