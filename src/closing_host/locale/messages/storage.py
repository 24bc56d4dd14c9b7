"""The data folder: storing, backing up, restoring and verifying."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "engagement-unknown": "There is no engagement {engagement}. Choose one of the list.",
    "snapshot-unknown": "Engagement {engagement} has no import {snapshot}. Choose one of its processing history.",
    "run-unknown": "There is no run {run}. Choose one of the list.",
    "run-active": "Run {run} is working on the same books. Wait for it to end, then try again.",
    "run-not-yours": (
        "Run {run} was stopped or taken over, because it had been silent too long. The books are as they "
        "were. Try again."
    ),
    "import-swept": (
        "The import took so long that its files were cleared away. The books are as they were. Import again."
    ),
    "database-busy": ("Another program holds the database. Nothing was changed. Close it or wait, then try again."),
    "disk-full": "The disk is full. Nothing was changed. Make room, then try again.",
    "disk-failed": (
        "The data folder cannot be read or written. Nothing was changed. Check the disk and that you may "
        "write there, then try again."
    ),
    "transaction-lost": (
        "The database gave up before all was stored, so nothing was changed. Check that the disk has room, "
        "then try again."
    ),
    "database-damaged": (
        "The database is damaged. Move the data folder aside and restore the latest backup: closing restore BACKUP."
    ),
    "database-cut": (
        "The database ends with event {last}, but event {known} was once stored: the latest work is lost. "
        "Restore the latest backup (closing restore BACKUP). If you put an older database here yourself, "
        "remove audit.head."
    ),
    "database-newer": (
        "The database was written by a later version of the program (revision {revision}, this one knows "
        "{known}). Install the later version."
    ),
    "upgrade-failed": (
        "The database could not be upgraded (table {table}) and is as it was. Use the earlier version of the "
        "program and report this."
    ),
    "folder-on-network-share": (
        "{folder} lies on a network share ({file_system}), where a database is not safe. Choose a folder on a"
        " disk of this computer with --data."
    ),
    "folder-synchronised": (
        "{folder} lies in a folder that another program synchronises ({synchronised}), which would damage the"
        " database. Choose another folder with --data, and put backups in this one."
    ),
    "folder-in-use": (
        "Another program is using {folder}, and one must have it alone while its tables change. Stop the "
        "other program, then try again."
    ),
    "folder-not-empty": (
        "{folder} is not empty. A backup is restored into an empty folder: choose another with --data, or "
        "move what is there aside."
    ),
    "restore-incomplete": (
        "A restore into {folder} was interrupted. Empty the folder and restore again: closing restore BACKUP."
    ),
    "backup-exists": "{file} is there already and is not overwritten. Choose another name.",
    "backup-inside-folder": (
        "{file} lies in the data folder {folder} itself and would be lost with it. Choose another place."
    ),
    "backup-missing": "There is no backup {file}. Check the name.",
    "backup-unreadable": (
        "{file} is not a whole backup. Take another one; the data folder that was to be filled can be emptied."
    ),
    "backup-newer": ("{file} was made by a later version of the program (form {format}). Install the later version."),
    "blob-missing": (
        "The received bytes {blob} are missing in the data folder. Restore a backup beside it and copy the "
        "file from there."
    ),
    "blob-damaged": (
        "The received bytes {blob} are not as they were stored. Restore a backup beside the data folder and "
        "copy the file from there."
    ),
    "ledger-missing": (
        "The stored books {ledger} are missing in the data folder. Import them again, or restore a backup "
        "beside it and copy the folder from there."
    ),
    "ledger-damaged": (
        "{file} of the stored books {ledger} is not as it was stored. Import them again, or restore a backup "
        "beside the data folder and copy the folder from there."
    ),
    "audit-gap": (
        "Audit trail: an event is missing before event {event}. Compare with the latest backup to see what was removed."
    ),
    "audit-link": (
        "Audit trail: event {event} does not follow on the one before it. Compare with the latest backup to "
        "see what was changed."
    ),
    "audit-content": (
        "Audit trail: event {event} was changed after it was written. Compare with the latest backup to see "
        "what it said."
    ),
    "audit-cut": (
        "Audit trail: event {event} and what followed it are gone. Compare with the latest backup to see what"
        " was removed."
    ),
    "audit-rewritten": (
        "Audit trail: it was written anew up to event {event}. Compare with the latest backup to see what was changed."
    ),
    "audit-anchor-missing": (
        "Audit trail: the file audit.head, which proves its end, is missing or unreadable. Compare with the "
        "latest backup; the next change writes the file anew."
    ),
    "snapshot-record-missing": (
        "Snapshot {snapshot} was imported according to the audit trail, but its record is gone. Restore the "
        "latest backup beside the data folder to see it."
    ),
    "snapshot-not-in-trail": (
        "Snapshot {snapshot} is not the one that was imported according to the audit trail. Do not rely on "
        "it; import again."
    ),
    "own-attachment-unknown": "There is no own attachment {number} in this year. Choose one of the list.",
    "own-attachment-changed": (
        "Own attachment {number} was changed by {by} while you worked on it: it is version {version}, yours builds on "
        "{basis}. Nothing was saved. Look at it and change it again."
    ),
    "own-attachment-not-in-trail": (
        "The own attachment with id {attachment} is not what the audit trail says that it was made into. Compare with "
        "a backup."
    ),
    "attached-file-unknown": "There is no attached file {number} in this year. Choose one of the list.",
    "attached-file-not-in-trail": (
        "Attached file {number} of engagement {engagement}, year {year}, is not what the audit trail says was "
        "attached. Compare with a backup."
    ),
    "lock-not-in-trail": (
        "The locking of a period with id {lock} is not what the audit trail says was frozen. Compare with a backup."
    ),
    "account-not-in-trail": (
        "What was signed off or typed of an account ({record}) is not what the audit trail says. Compare with a backup."
    ),
    "entry-not-in-trail": (
        "Closing entry with id {entry} is not what the audit trail says that it was made into. Compare with the "
        "latest backup to see what was changed."
    ),
    "snapshot-changed": (
        "The books of snapshot {snapshot} have another fingerprint than when they were imported. Do not rely "
        "on them; import again."
    ),
    "pointer-not-in-trail": (
        "Engagement {engagement} shows snapshot {snapshot} for the year from {year}, which nobody chose "
        "according to the audit trail. Choose the right one: closing history {engagement} --use SNAPSHOT."
    ),
    "attachment-not-in-trail": (
        "The attachments {made} are not what the audit trail says was made. Make new ones with closing attachments "
        "retry, and compare the old ones with a backup."
    ),
    "note-not-in-trail": (
        "The note on {record} ({notes}) is not what the audit trail last told of. Read it, and note it anew."
    ),
}
