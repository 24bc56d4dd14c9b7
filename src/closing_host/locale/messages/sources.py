"""Words of the contract's errors, of data sources that cannot be used, and of the built-in SIE source."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "error": "Something went wrong. Try again; if it happens again, read the log.",
    "settings-wrong": "The settings are not right: {fields}. Correct them and try again.",
    "authorization-failed": "The login to the data source does not hold. Log in again.",
    "authorization-expired": "The login to the data source has run out or was withdrawn. Connect again.",
    "authorization-denied": "The login was not approved. Connect again and approve it to fetch the books.",
    "permission-missing": (
        "The login lacks permission or licence for this: {operation}. Arrange it in the source and connect again, or "
        "go on without it."
    ),
    "wrong-company": (
        "Another company answered than the engagement's. Nothing was fetched and the login was withdrawn. Connect "
        "again and choose the right company."
    ),
    "temporary": "It does not work just now. Try again in a few minutes.",
    "rate-limited": "The data source takes no more calls just now. Try again in a few minutes.",
    "source-unavailable": (
        "The data source does not answer. Check your network connection and try again in a few minutes."
    ),
    "data-wrong": (
        "The data cannot be imported. Nothing was stored, and the books are as they were. Correct it in the source "
        "and import again."
    ),
    "format-unsupported": "The data source does not read this format. Export in another format and try again.",
    "capability-missing": (
        "The data source cannot do this, or the company lacks what it takes. Choose another way or another data source."
    ),
    "plugin-fault": (
        "The data source {source} {version} failed over {hook} ({cause}). Try again; if it happens again, report it "
        "to the makers of {distribution} with the trace from the log."
    ),
    "plugin-returned-wrong": (
        "The data source {source} {version} gave a wrong answer to {hook} ({place}: {reason}). It was not used. "
        "Report it to the makers of {distribution}."
    ),
    "plugin-silent": (
        "The data source {source} {version} gave no sign of life in {hook} for {seconds} seconds and was left "
        "behind. Try again; if it happens again, report it to the makers of {distribution} with the log."
    ),
    "source-resting": (
        "{source} did not come back {times} times in a row and is left alone for {minutes} minutes, so that "
        "nothing else waits for it. Try again then, or start the program anew."
    ),
    "source-crowded": (
        "{calls} calls to {source} have not come back. Start the program anew to try again, and report it to the "
        "makers of the data source."
    ),
    "source-silent-before": (
        "The data source has not come back from earlier calls and is left alone for a few minutes; nothing was "
        "sent. Try again then."
    ),
    "plugin-still-loading": (
        "The data source {source} ({distribution} {version}) is still loading. The rest works without it; look "
        "again in a few seconds."
    ),
    "source-reads-no-files": "{source} reads no files. Try it through a connection: closing connect.",
    "operation-not-offered": "{source} does not offer {operation}. Choose a data source that does.",
    "kept-too-large": (
        "The source sent more than {limit} MB with {name}. Nothing was imported. Import a shorter period, or tell "
        "whoever runs the host."
    ),
    "column-unknown": (
        "The table {table} has no column {columns}. Nothing was imported. Report it to the makers of the data source."
    ),
    "column-unreadable": (
        "A column of the table {table} holds values that cannot be taken over without loss; amounts must be whole "
        "öre. Nothing was imported. Report it to the makers of the data source."
    ),
    "amount-too-large": (
        "An amount on account {record} (table {table}) is larger than 100 000 billion kronor. Nothing was imported. "
        "Correct it in the source and import again."
    ),
    "table-mixed": (
        "The table {table} was filled in two ways at once. Nothing was imported. Report it to the makers of the data "
        "source."
    ),
    "row-without-voucher": (
        "{count} voucher rows belong to no voucher, the first to number {record} in the source's order. Nothing was "
        "imported. Report it to the makers of the data source."
    ),
    "file-not-given": "SIE is read from a file. Give the file to import.",
    "sie-vouchers-only": (
        "{file} holds {vouchers} vouchers and no balances: it is an SI file (SIE 4I), made to be read into a "
        "bookkeeping program, not a company's books. Export type 4 (SE) from the bookkeeping program and import that."
    ),
    "source-not-loaded": "The data source {source} cannot be used. See why with closing source list.",
    "source-not-installed": (
        "No installed package has a data source {source}. Install it, or correct the name in CLOSING_SOURCES."
    ),
    "source-id-twice": (
        "More than one package claims the data source {source}: {claims}. None of them was loaded. Uninstall all but "
        "one."
    ),
    "source-id-wrong": (
        "“{source}” in {distribution} {version} cannot name a data source: use small letters a-z, digits, - and _, at "
        "most 64 characters. Report it to the package's makers."
    ),
    "distribution-unreadable": (
        "The list of data sources in the package {distribution} {version} cannot be read ({cause}). Install the "
        "package again."
    ),
    "distribution-unnamed": (
        "The package of the data source {source} states no name or version ({distribution} {version}). Install it "
        "again."
    ),
    "plugin-too-slow": (
        "{source} ({distribution} {version}) was not ready after {seconds} seconds and was left out. Start again; if "
        "it happens again, uninstall the package or report it to its makers."
    ),
    "plugin-import-failed": (
        "{source} ({distribution} {version}) cannot be started: {cause}. Install the package again or update it."
    ),
    "plugin-hooks-failed": (
        "{source} ({distribution} {version}) failed while it was examined: {cause}. Update the package or report it "
        "to its makers."
    ),
    "plugin-describe-failed": (
        "{source} ({distribution} {version}) failed while describing itself: {cause}. Update the package or report it "
        "to its makers."
    ),
    "plugin-declaration-failed": (
        "{source} ({distribution} {version}) failed while its declaration was checked: {cause}. Update the package or "
        "report it to its makers."
    ),
    "described-wrong": (
        "{source} ({distribution} {version}) describes itself wrongly ({place}: {reason}). Update the package or "
        "report it to its makers."
    ),
    "hook-missing": "{source} ({distribution} {version}) has no {hook} marked with @hookimpl. Its makers must add it.",
    "hook-unknown": (
        "{source} ({distribution} {version}) implements {hook}, which the contract does not have. It has: {known}. "
        "Update the package, or the host."
    ),
    "hook-twice": "{source} ({distribution} {version}) implements {hook} twice. Its makers must remove one.",
    "hook-kind": (
        "{source} ({distribution} {version}) writes {hook} as a kind of function that cannot be called here: no "
        "generator, no wrapper, and describe_source not async. Its makers must change it."
    ),
    "parameter-unknown": (
        "{hook} in {source} ({distribution} {version}) asks for {parameter}, which it does not get. It may have: "
        "{known}. Update the package or report it to its makers."
    ),
    "parameter-unfilled": (
        "{hook} in {source} ({distribution} {version}) would never be given {parameter}: it must stand without "
        "default value and not by keyword only. Its makers must change it."
    ),
    "contract-wrong": (
        "{source} ({distribution} {version}) does not say which contract it is made for ({stated}). Update the "
        "package or report it to its makers."
    ),
    "contract-too-new": (
        "{source} ({distribution} {version}) needs contract {wanted}, and this host has {ours}. Update the host."
    ),
    "contract-too-old": (
        "{source} ({distribution} {version}) is made for contracts before {wanted}, and this host has {ours}. Update "
        "the package."
    ),
    "declared-no-name": "{source} ({distribution} {version}) states no name. Report it to the package's makers.",
    "declared-data-unknown": (
        "{source} ({distribution} {version}) says that it cannot hold {names}, which the contract does not know. "
        "Update the package, or the host."
    ),
    "declared-export-blind": (
        "{source} ({distribution} {version}) books vouchers but cannot look for them (find_vouchers), so it could "
        "book twice. Update the package or report it to its makers."
    ),
    "declared-files-unread": (
        "{source} ({distribution} {version}) says that it takes files but has no import_ledger. Report it to the "
        "package's makers."
    ),
    "declared-suffix-wrong": (
        "{source} ({distribution} {version}) states file endings that are none ({suffix}): they begin with a dot and "
        "have small letters. Report it to the package's makers."
    ),
    "declared-host-wrong": (
        "{source} ({distribution} {version}) wants to call “{host}”, which is no https address of a host. Report it "
        "to the package's makers."
    ),
    "declared-field-unknown": (
        "{source} ({distribution} {version}) refers to the setting {field}, which its installation settings do not "
        "have. Report it to the package's makers."
    ),
    "declared-rate-wrong": (
        "{source} ({distribution} {version}) states an impossible pace: {calls} calls in {seconds} seconds. Report it "
        "to the package's makers."
    ),
    "declared-token-header-wrong": (
        "{source} ({distribution} {version}) wants its token in the header “{header}”, which cannot hold one. Report "
        "it to the package's makers."
    ),
    "declared-package-missing": (
        "{source} ({distribution} {version}) keeps its words in {package}, which is not installed. Install the "
        "package again."
    ),
}
