"""Words of a period's reports, main schedules and archive."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "account-group-10": "Intangible fixed assets",
    "account-group-11": "Buildings and land",
    "account-group-12": "Machinery and equipment",
    "account-group-13": "Financial fixed assets",
    "account-group-14": "Inventories and work in progress",
    "account-group-15": "Trade receivables",
    "account-group-16": "Other current receivables",
    "account-group-17": "Prepaid expenses and accrued income",
    "account-group-18": "Current investments",
    "account-group-19": "Cash and bank",
    "account-group-20": "Equity",
    "account-group-21": "Untaxed reserves",
    "account-group-22": "Provisions",
    "account-group-23": "Non-current liabilities",
    "account-group-24": "Current liabilities to credit institutions, customers and suppliers",
    "account-group-25": "Tax liabilities",
    "account-group-26": "VAT and excise duties",
    "account-group-27": "Personnel taxes and deductions",
    "account-group-28": "Other current liabilities",
    "account-group-29": "Accrued expenses and deferred income",
    "account-group-other": "Other accounts",
    "report-period-not-started": "Not started",
    "report-period-started": "Begun",
    "report-period-paused": "Paused",
    "report-period-locked": "Locked",
    "report-account-not-started": "Not started",
    "report-account-started": "In progress",
    "report-account-done": "Done",
    "report-account-changed": "Changed after sign-off",
    "report-review-not-reviewed": "Not reviewed",
    "report-review-approved": "Approved",
    "report-review-rejected": "Rejected",
    "report-unknown": "There is no report {report}. Choose one of: {reports}.",
    "report-form-unknown": "The report {report} cannot be made as {form}. Choose one of: {forms}.",
    "archive-period-open": (
        "The period {period} is not locked, so there is nothing final to archive. Lock it first, then make the archive."
    ),
    "archive-name": "{file} is not the name of an archive. State a folder, or a name that ends in .zip.",
    "archive-unreadable": (
        "{file} is no archive of a closed period, or its manifest cannot be read. Take the file as it was written, "
        "unchanged."
    ),
    "archive-file-changed": "{file} is not as it was archived. Do not trust it; take another copy of the archive.",
    "archive-file-missing": "{file} is missing in the archive. Take another copy of it.",
    "archive-file-not-listed": "{file} was put into the archive afterwards. It is no part of what was archived.",
    "archive-file-twice": "{file} stands in the archive more than once. Take another copy of it.",
}
