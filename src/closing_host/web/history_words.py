"""*Behandlingshistorik* in words: what each event of the audit trail tells of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from closing_host.engagements.processing_history import Event
from closing_host.locale import Words
from closing_host.storage.audit import Action

ACTIONS: Final[Mapping[str, str]] = {
    Action.DATABASE_CREATED: "Data folder made",
    Action.DATABASE_UPGRADED: "Data folder upgraded",
    Action.BACKUP_RESTORED: "Backup restored",
    Action.ENGAGEMENT_CREATED: "Engagement opened",
    Action.ENGAGEMENT_RENAMED: "Engagement renamed",
    Action.ENGAGEMENT_SETTINGS: "Settings changed",
    Action.ENGAGEMENT_SOURCE: "Data source changed",
    Action.ENGAGEMENT_IDENTIFIED: "Organisation number stated",
    Action.ENGAGEMENT_FORM: "Form of company stated",
    Action.ENGAGEMENT_SETUP: "Step of the start guide taken",
    Action.YEAR_ADDED: "Financial year added",
    Action.IMPORT_PUBLISHED: "Import: books changed",
    Action.IMPORT_UNCHANGED: "Import: no changes",
    Action.SNAPSHOT_MADE_CURRENT: "Import undone: an earlier one shown again",
    Action.ATTACHMENTS_MADE: "Attachments made",
    Action.ATTACHMENTS_FAILED: "Attachments failed",
    Action.ATTACHMENT_NOTED: "Note on an open item changed",
    Action.ATTACHMENT_ACCOUNTS: "Control accounts chosen",
    Action.ANALYSIS_MARKED: "Finding marked done",
    Action.ANALYSIS_REOPENED: "Finding opened again",
    Action.ANALYSIS_CHECK: "Check switched, added or removed",
    Action.PERIOD_STARTED: "Period started",
    Action.PERIOD_LOCKED: "Period locked",
    Action.PERIOD_UNLOCKED: "Period unlocked",
    Action.ACCOUNT_RECONCILED: "Reconciled amount or comment changed",
    Action.ACCOUNT_SIGNED_OFF: "Account marked as done",
    Action.ACCOUNT_REOPENED: "Account opened again",
    Action.ACCOUNT_REVIEWED: "Account reviewed",
    Action.RECONCILIATION_SETTING: "Rule of the quality review changed",
    Action.SYSTEM_CHOICE: "Choice for the system entries changed",
    Action.OWN_ATTACHMENT_ADDED: "Own attachment made",
    Action.OWN_ATTACHMENT_EDITED: "Own attachment changed",
    Action.OWN_ATTACHMENT_REMOVED: "Own attachment removed",
    Action.OWN_ATTACHMENT_RESTORED: "Own attachment brought back",
    Action.FILE_ATTACHED: "File attached",
    Action.FILE_REMOVED: "Attached file removed",
    Action.LOGIN_BEGUN: "Login begun",
    Action.LOGIN_REFUSED: "Login came to nothing",
    Action.CONNECTION_MADE: "Connected",
    Action.CONNECTION_USED: "Connection renewed by use",
    Action.CONNECTION_CHOICE: "Choice of what to connect",
    Action.CONNECTION_ENDED: "Disconnected",
    Action.SESSION_LINKED: "Link for a login to the pages made",
    Action.SESSION_BEGUN: "Logged in to the pages",
    Action.SESSION_ENDED: "Logged out of the pages",
    Action.CREDENTIAL_RENEWED: "Login renewed",
    Action.CREDENTIAL_NOT_RENEWED: "Login not renewed",
    Action.CREDENTIAL_UNCERTAIN: "Renewal of the login without an answer",
    Action.CREDENTIAL_LOST: "Login lost",
    Action.CREDENTIAL_QUARANTINED: "Login of another company set aside",
    Action.SECRETS_RESEALED: "Logins encrypted with a new key",
    Action.SECRETS_FORGOTTEN: "Logins forgotten",
    Action.INSTALLATION_SAVED: "Installation of a data source saved",
    Action.EXPORT_APPROVED: "Export asked for",
    Action.EXPORT_TAKEN: "Export taken up",
    Action.EXPORT_SENDING: "Entry on its way",
    Action.EXPORT_NOT_SENT: "Entry not sent",
    Action.EXPORT_BOOKED: "Entry booked",
    Action.EXPORT_REFUSED: "Entry refused",
    Action.EXPORT_UNKNOWN: "Outcome of the entry unknown",
    Action.EXPORT_LOOKING: "Looked for the entry",
    Action.EXPORT_ABSENT: "Entry not found, so not booked",
    Action.EXPORT_CONFLICT: "Entry booked twice or unsure",
    Action.EXPORT_WAITS: "Export waits",
    Action.EXPORT_ENDED: "Export ended",
    Action.EXPORT_SWEPT: "Looked for doubles after the export",
    Action.EXPORT_CHOICE: "Series of the export chosen",
    Action.EXPORT_FILE: "Export file made",
    Action.ENTRY_ADDED: "Closing entry made",
    Action.ENTRY_EDITED: "Closing entry changed",
    Action.ENTRY_STATUS: "Closing entry: new status",
    Action.ENTRY_SENT_AGAIN: "Closing entry to be sent again",
    Action.ENTRY_DELETED: "Closing entry deleted",
}
"""English text for each action; `test_every_action_has_words` keeps it whole."""


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event. `about`: what it was done with, as far as people know it by a name; `entry` and `year`: the closing
    entry that it was done with, "" for none; `detail`: what became of it."""

    event: Event
    what: str
    about: str
    entry: str
    year: str
    detail: str


def event_lines(words: Words, events: Iterable[Event], source: str) -> tuple[EventLine, ...]:
    """The events in words. `source`: the name of the engagement's data source."""
    return tuple(_line(words, event, source) for event in events)


def _line(words: Words, event: Event, source: str) -> EventLine:
    kind, _, number = event.object.partition(":")
    details = event.details
    entry = str(details.get("entry") or "")
    about = entry or (words.text("import {number}", number=number) if kind == "snapshot" else "")
    account = details.get("account")
    if not about and isinstance(account, str):
        about = account
    return EventLine(
        event,
        words.text(ACTIONS[event.action]),
        about,
        entry,
        str(details.get("year") or ""),
        _detail(words, details, source),
    )


def _detail(words: Words, details: Mapping[str, Any], source: str) -> str:
    """What is worth a word besides the action: a status, or where something was booked."""
    booked = details.get("booked")
    if isinstance(booked, list) and any(booked[:2]):
        return " ".join(booked[:2])
    status = details.get("status")
    if isinstance(status, list) and status[0] != status[1]:
        return words.message(f"entry-status-{status[1]}", {"source": source})
    return ""
