"""Words of the quality scale of data sources: each rule's demand."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "quality-described": "Describes itself the same each time, without asking anybody.",
    "quality-contract": "Promises no version of the contract that is not out yet.",
    "quality-settings-shown": "Every setting can be shown as a form, and secrets are secret.",
    "quality-login": "Logging in reaches a company; another login's answer and a no are understood.",
    "quality-one-company": "Logging in again as another company is refused.",
    "quality-stable-ids": "Vouchers can be told apart, and two imports are equal.",
    "quality-small-modules": "No module is longer than 400 lines.",
    "quality-no-state": "Nothing stays between two companies or files, and the process is left as it was.",
    "quality-polite": "Keeps its rate limit and the waits that it is told.",
    "quality-balanced": "Vouchers balance, and opening balances and rows make the closing ones.",
    "quality-exact": "Every voucher is there, to the öre.",
    "quality-no-floats": "No float comes near an amount.",
    "quality-letters": "å, ä and ö survive.",
    "quality-no-secrets-out": "No secret stands in logs, errors or what is kept.",
    "quality-open-dependencies": "Open licence, public source, tagged releases, built in CI.",
    "quality-help": "Help in Swedish and English says what an import brings.",
    "quality-help-connection": "The help says how to connect, to disconnect, and to log in anew.",
    "quality-reconnect": "A renewal that is refused asks for a new login.",
    "quality-renewal-safe": "Ten callers renew once; a lost or odd answer costs no token.",
    "quality-checked": "A check names the company.",
    "quality-clean-disconnect": "Disconnecting ends without a token.",
    "quality-typed-errors": "Every failure is an error of the contract.",
    "quality-cancels": "An import says where it is and stops when it is told to.",
    "quality-empty-year": "A year without vouchers is a year.",
    "quality-years": "Financial years are listed newest first.",
    "quality-kept": "What came over the wire is kept beside the books.",
    "quality-exports": "Vouchers are booked as sent, or written as a file that can be handed on.",
    "quality-owner": "Somebody named looks after it.",
    "quality-help-settings": "The help explains every setting by its label.",
    "quality-exports-once": "A voucher is booked once, whatever is lost on the way.",
    "quality-open-items": "Open items are right on every day.",
    "quality-recognises": "Recognises its files and no others.",
    "quality-translated-errors": "Its own errors have Swedish words.",
    "quality-translated-labels": "Labels of its settings have Swedish words.",
    "quality-next-steps": "Its own errors say what to do next.",
    "quality-help-limits": "The help says what it cannot do, and what to do when something does not work.",
    "quality-heavy-off": "What takes long or much is asked for, not done unasked.",
    "quality-through-the-host": "Calls only through the host, and never sleeps.",
    "quality-no-own-network": "No network library but the host's client.",
    "quality-strict-types": "Every function has types, and the package says so.",
    "quality-bounded-memory": "A year of 20,000 vouchers fits in memory.",
    "quality-golden-year": "A whole year equals a text that somebody has looked at.",
    "quality-unreadable": (
        "{file} is no declaration of quality. Two tables, stated and exempt, hold texts by rule; "
        "correct it and try again."
    ),
    "kit-missing": "The conformance kit needs pytest. Install closing-host[testing] and try again.",
    "kit-not-tried": (
        "No test of the conformance kit was found for {source}. Name the file with its DataSourceTests class."
    ),
}
