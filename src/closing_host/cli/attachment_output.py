"""How attachments are shown: open items and their age, the reconciliation, versions and what changed between two."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from closing_host.cli import output
from closing_host.cli.attachment_explained import explanation_data, finding_data
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.closing import Attachment
    from closing_host.engagements.attachments import AttachmentChanges, OpenedAttachment
    from closing_host.storage.attachments import AttachmentVersion
    from closing_host.transfers.attachments import AttachmentsOutcome
    from closing_host.transfers.importing import Imported

_MONEY = {"original", "paid", "open", "paid_after", "written_off_after", "by_balance"}


def show_opened(each: "OpenedAttachment") -> None:
    """A stored attachment: what `show_attachment` shows, and which version of which books it is."""
    words = session().words
    show_attachment(each.made, each.notes)
    output.line(version_words(each.record), style="dim")
    if not each.as_recorded:
        said = words.text(
            "When it was made the sums were: open items {open}, ledger {ledger}, difference {difference}. The rules "
            "have been put right since.",
            open=words.amount(each.record.open),
            ledger=words.amount(each.record.ledger),
            difference=words.amount(each.record.difference),
        )
        output.line(said, style="yellow")


def show_attachment(made: "Attachment", notes: Mapping[str, str] | None = None) -> None:
    """Open items, ageing, reconciliation, the difference by class, and what stands out."""
    from closing_host.documents.attachment_words import bucket_words, class_words, title

    words = session().words
    output.line(title(words, made), style="bold")
    noted = notes or {}
    items = [
        (
            row["document"],
            row["party_name"],
            row["dated"],
            row["due"],
            Ore(row["open"]),
            row["days"],
            Ore(row["paid_after"]) if row["paid_after"] else None,
            words.text("To be checked") if row["check"] else "",
            noted.get(row["document"], ""),
        )
        for row in made.items.iter_rows(named=True)
    ]
    titles = words.texts("Document", "Party", "Date", "Due", "Open", "Days overdue", "Paid after", "To check", "Note")
    output.table(words.text("Open items"), titles, items)
    if made.not_counted.height:
        aside = [
            (row["document"], row["party_name"], row["dated"], Ore(row["original"]), _reason(row["reason"]))
            for row in made.not_counted.iter_rows(named=True)
        ]
        titles = words.texts("Document", "Party", "Date", "Amount", "Why")
        output.table(words.text("Not booked"), titles, aside)
    buckets = bucket_words(words)
    ages = [(buckets[row["bucket"]], row["count"], Ore(row["amount"])) for row in made.ageing.iter_rows(named=True)]
    output.table(words.text("Ageing"), words.texts("Days", "Count", "Amount"), ages)
    _show_sums(made)
    said = class_words(words)
    classes = [(letter, said[letter], Ore(amount)) for letter, amount in made.explanation.amounts.items() if amount]
    if classes:
        titles = words.texts("Class", "What", "Amount")
        output.table(words.text("Explain the difference"), titles, classes)
    findings = [(words.message(each.code, each.parameters),) for each in made.findings]
    if findings:
        output.table(words.text("Findings"), words.texts("Finding"), findings)


def version_words(record: "AttachmentVersion") -> str:
    """Which version it is, of which books, made when and by whom."""
    words = session().words
    return words.text(
        "Version {version}, made {made} by {by} beside snapshot {snapshot}, fingerprint {fingerprint}.",
        version=record.version,
        made=words.instant(record.made_at),
        by=record.made_by,
        snapshot=record.snapshot_id,
        fingerprint=record.fingerprint[:12],
    )


def show_versions(versions: "Sequence[AttachmentVersion]") -> None:
    """The versions of a year, newest first; a failed one says why."""
    from closing_host.documents.attachment_words import side_words

    words = session().words
    titles = words.texts(
        "Version", "Attachment", "As at", "Open items", "The ledger", "Difference", "Made", "By", "Outcome"
    )
    rows = [
        (
            each.version,
            f"{side_words(words, each.side)} ({'+'.join(each.control_accounts)})",
            each.as_at,
            _ore(each.open),
            _ore(each.ledger),
            _ore(each.difference),
            each.made_at,
            each.made_by,
            outcome_words(each),
        )
        for each in versions
    ]
    output.table("", titles, rows)


def outcome_words(each: "AttachmentVersion") -> str:
    """Final or not, or why it failed."""
    words = session().words
    if each.error is not None:
        return words.error(each.error)
    return words.text("final") if each.final else words.text("not yet final")


def show_changes(changes: "AttachmentChanges") -> None:
    """What differs between two versions of a side."""
    from closing_host.documents.attachment_words import title

    words = session().words
    before, after = changes.before.record.version, changes.after.record.version
    output.line(title(words, changes.after.made), style="bold")
    said = words.text("From version {before} to version {after}", before=before, after=after)
    if changes.items.height:
        kinds = dict(zip(("added", "gone", "changed"), words.texts("added item", "gone", "changed item"), strict=True))
        rows = [
            (
                kinds[row["change"]],
                row["document"],
                row["party_name"],
                _ore(row["open_before"]),
                _ore(row["open_after"]),
            )
            for row in changes.items.iter_rows(named=True)
        ]
        output.table(said, words.texts("Change", "Document", "Party", "Open before", "Open after"), rows)
    else:
        output.line(words.text("{versions}: no item differs.", versions=said))
    sums = (changes.before.made.reconciliation, changes.after.made.reconciliation)
    shown = {
        words.text("Sum of open items"): [each.open for each in sums],
        words.text("The ledger"): [each.ledger for each in sums],
        words.text("Reconciliation difference"): [each.difference for each in sums],
    }
    output.fields({label: " → ".join(map(words.amount, both)) for label, both in shown.items()})


def show_outcome(imported: "Imported", outcome: "AttachmentsOutcome") -> None:
    """How an import's attachments went, in a line for each side."""
    from closing_host.documents.attachment_words import side_words

    words = session().words
    for each in outcome.versions:
        side = side_words(words, each.side)
        accounts = "+".join(each.control_accounts)
        said = words.text(
            "{side} ({accounts}) as at {day}: open items {open}, difference {difference}.",
            side=side,
            accounts=accounts,
            day=each.as_at,
            open=words.amount(each.open),
            difference=words.amount(each.difference),
        )
        output.line(said)
    if outcome.state == "without":
        output.line(words.text("Connected without sub-ledger: no attachments are made."))
    elif outcome.state == "locked":
        output.line(words.text("The period is locked: its attachments stay as they are."))
    elif outcome.error is not None:
        output.line(failure_words(imported, outcome), style="yellow")


def failure_words(imported: "Imported", outcome: "AttachmentsOutcome") -> str:
    """That the books are there and the attachments are not, why, and how to try again (P 7.4)."""
    words = session().words
    assert outcome.error is not None
    *others, last = outcome.accounts
    accounts = words.text("{others} and {last}", others=", ".join(others), last=last) if others else last
    return words.text(
        "The books are imported. Attachments for {accounts} could not be made: {reason} Try again: closing attachments "
        "retry {books}",
        accounts=accounts,
        books=f"{imported.engagement.id}/{imported.published.snapshot.year_end:%Y-%m}",
        reason=words.error(outcome.error),
    )


def outcome_data(imported: "Imported", outcome: "AttachmentsOutcome") -> dict[str, Any]:
    """An import's second part for JSON."""
    error = outcome.error
    return {
        "state": outcome.state,
        "accounts": outcome.accounts,
        "versions": [version_data(each) for each in outcome.versions],
        "error": error.code if error else None,
        "message": failure_words(imported, outcome) if error else "",
        "run": (error.run if error else "") or next((each.run_id for each in outcome.versions), ""),
    }


def version_data(each: "AttachmentVersion") -> dict[str, Any]:
    """A version for JSON."""
    error = each.error
    return {
        "version": each.version,
        "side": each.side,
        "as_at": each.as_at,
        "control_accounts": each.control_accounts,
        "outcome": each.outcome,
        "final": each.final,
        "open": _ore(each.open),
        "ledger": _ore(each.ledger),
        "difference": _ore(each.difference),
        "made_at": each.made_at,
        "made_by": each.made_by,
        "snapshot": each.snapshot_id,
        "fingerprint": each.fingerprint,
        "run": each.run_id,
        "error": each.error_code,
        "message": session().words.error(error) if error else "",
    }


def opened_data(each: "OpenedAttachment") -> dict[str, Any]:
    """A stored attachment for JSON."""
    data = attachment_data(each.made, each.notes)
    return {**data, "version": version_data(each.record), "as_recorded": each.as_recorded}


def attachment_data(made: "Attachment", notes: Mapping[str, str] | None = None) -> dict[str, Any]:
    """An attachment for JSON."""
    sums = made.reconciliation
    noted = notes or {}
    return {
        "side": made.side,
        "as_at": made.as_at,
        "control_accounts": made.control_accounts,
        "final": made.final,
        "items": [{**_plain(row), "note": noted.get(row["document"])} for row in made.items.iter_rows(named=True)],
        "not_booked": [_plain(row) for row in made.not_counted.iter_rows(named=True)],
        "ageing": [{**row, "amount": Ore(row["amount"])} for row in made.ageing.iter_rows(named=True)],
        "credits": Ore(made.credits),
        "open": Ore(sums.open),
        "reconciled": Ore(sums.reconciled),
        "ledger": Ore(sums.ledger),
        "difference": Ore(sums.difference),
        **explanation_data(made),
        "findings": [finding_data(each) for each in made.findings],
    }


def changes_data(changes: "AttachmentChanges") -> dict[str, Any]:
    """What changed between two versions, for JSON."""
    rows = changes.items.iter_rows(named=True)
    amounts = ("open_before", "open_after")
    return {
        "side": changes.after.record.side,
        "as_at": changes.after.made.as_at,
        "before": version_data(changes.before.record),
        "after": version_data(changes.after.record),
        "items": [{**row, **{name: _ore(row[name]) for name in amounts}} for row in rows],
    }


def _show_sums(made: "Attachment") -> None:
    words = session().words
    sums = made.reconciliation
    shown = {words.text("Sum of open items"): Ore(sums.open)}
    if made.credits:
        shown[words.text("of which credit items")] = Ore(made.credits)
    shown[words.text("Reconciled amount")] = Ore(sums.reconciled)
    shown[words.text("The ledger")] = Ore(sums.ledger)
    shown[words.text("Reconciliation difference")] = Ore(sums.difference)
    output.fields(shown)


def _reason(code: str) -> str:
    reasons = ("unbooked", "cancelled", "booked_later")
    return dict(zip(reasons, session().words.texts("not booked", "cancelled item", "booked later"), strict=True))[code]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _ore(value) if name in _MONEY else value for name, value in row.items()}


def _ore(value: int | None) -> Ore | None:
    return None if value is None else Ore(value)
