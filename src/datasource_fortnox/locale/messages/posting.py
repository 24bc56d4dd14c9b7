"""Words of booking vouchers: why Fortnox refused one, and what is not known."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "fortnox-account-inactive": (
        "Account {what} is not active in Fortnox in this financial year (row {row}). Activate it in Fortnox under"
        " Kontoplan, or change the entry."
    ),
    "fortnox-account-missing": (
        "Fortnox has no account {what} in this financial year (row {row}). Add it in Fortnox under Kontoplan, or "
        "change the entry."
    ),
    "fortnox-account-not-four-digits": (
        "Fortnox takes accounts of four digits, 1000 to 9999; row {row} has {account}. Change the entry."
    ),
    "fortnox-amount-too-large": (
        "The amount {amount} in row {row} is larger than Fortnox takes. Divide it into several rows."
    ),
    "fortnox-answer-lost": (
        "The connection to Fortnox broke before the answer came, so the voucher may have been booked. "
        "It is looked for in Fortnox before anything is sent again."
    ),
    "fortnox-attest": (
        "Fortnox wants an attest for series {series}. Choose another series, or change the attest of the series "
        "in Fortnox."
    ),
    "fortnox-cost-centre-inactive": (
        "Cost centre {what} is not active in Fortnox (row {row}). Activate it in Fortnox, or change the entry."
    ),
    "fortnox-cost-centre-mandatory": (
        "Fortnox wants a cost centre on account {what} (row {row}). State one in the entry, or change the "
        "account's setting in Fortnox."
    ),
    "fortnox-cost-centre-missing": (
        "Fortnox has no cost centre {what} (row {row}). Add it in Fortnox, or change the entry."
    ),
    "fortnox-date-outside-year": "The date {date} is outside the financial year in Fortnox. Change the entry's date.",
    "fortnox-login-not-accepted": (
        "Fortnox did not accept the login, so nothing was booked. Connect again, then export again."
    ),
    "fortnox-objects-not-held": (
        "A row in Fortnox holds one cost centre (dimension 1) and one project (dimension 6); row {row} has "
        "{objects}. Change the entry."
    ),
    "fortnox-outcome-unclear": (
        "Fortnox's answer does not say whether the voucher was booked. It is "
        "looked for in Fortnox before anything is sent again."
    ),
    "fortnox-period-locked": (
        "The period of {date} is locked in Fortnox. Unlock it in Fortnox, or change the entry's date, then export"
        " again."
    ),
    "fortnox-project-inactive": (
        "Project {what} is closed in Fortnox, or not open on {date} (row {row}). Change the project in Fortnox, "
        "or the entry."
    ),
    "fortnox-project-mandatory": (
        "Fortnox wants a project on account {what} (row {row}). State one in the entry, or change the account's "
        "setting in Fortnox."
    ),
    "fortnox-project-missing": "Fortnox has no project {what} (row {row}). Add it in Fortnox, or change the entry.",
    "fortnox-row-text-too-long": "The text of row {row} has {length} characters; Fortnox takes {limit}. Shorten it.",
    "fortnox-series-missing": (
        "Fortnox has no voucher series {series} in this financial year. Choose another series, or add it in Fortnox."
    ),
    "fortnox-series-not-manual": (
        "Fortnox books series {series} by itself and takes no vouchers in it. Choose a series with manual posting."
    ),
    "fortnox-text-characters": (
        "Fortnox does not take every character of the text: {characters}. Replace them, then export again."
    ),
    "fortnox-text-missing": "Fortnox wants a text. Write one in the entry.",
    "fortnox-text-too-long": "The text has {length} characters; Fortnox takes {limit}. Shorten it.",
    "fortnox-unbalanced": "Fortnox says that the voucher does not balance. Correct its rows, then export again.",
    "fortnox-value-too-long": (
        "A text in the voucher is longer than Fortnox takes. Read its answer, shorten the text, then export again."
    ),
    "fortnox-voucher-refused": (
        "Fortnox refused the voucher. Read its answer, change the entry or the settings in Fortnox, then export again."
    ),
    "fortnox-year-missing": "Fortnox has no financial year for {date}. Create it in Fortnox, then export again.",
}
