"""How schedules of the user's own and attached files are shown."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from closing_host.cli import output
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.own_attachments import AccountAttachments
    from closing_host.storage.attached_files import AttachedFile
    from closing_host.storage.own_attachments import OwnAttachment


def show_own(accounts: "Iterable[AccountAttachments]") -> None:
    """Each account with its schedules, their rows, the reconciliation and the files."""
    words = session().words
    for each in accounts:
        title = words.text(
            "Attachment {account} {name} as at {day}", account=each.account, name=each.name, day=each.as_at
        )
        output.line(title, style="bold")
        for attachment in each.attachments:
            _show_schedule(attachment)
        output.fields(_sums(each))
        if each.files:
            show_files(each.files)


def show_own_list(accounts: "Sequence[AccountAttachments]") -> None:
    """A line for each schedule."""
    words = session().words
    titles = words.texts("No.", "Account", "As at", "Title", "Reconciled amount", "Version", "Made", "By", "State")
    rows = [
        (
            one.number,
            f"{each.account} {each.name}",
            each.as_at,
            one.schedule.title,
            Ore(one.schedule.reconciled),
            one.version,
            one.changed_at,
            one.changed_by,
            "" if one.state == "active" else words.text("removed"),
        )
        for each in accounts
        for one in each.attachments
    ]
    if rows:
        output.table(words.text("Own attachments"), titles, rows)
    if files := dict.fromkeys(file for each in accounts for file in each.files):
        show_files(files)


def show_versions(versions: "Sequence[OwnAttachment]") -> None:
    """A line for each version."""
    words = session().words
    titles = words.texts("Version", "Made", "By", "State", "Title", "Rows", "Reconciled amount", "Comment")
    rows = [
        (
            each.version,
            each.changed_at,
            each.changed_by,
            words.text("removed") if each.state == "removed" else words.text("there"),
            each.schedule.title,
            len(each.schedule.rows),
            Ore(each.schedule.reconciled),
            each.schedule.comment,
        )
        for each in versions
    ]
    output.table("", titles, rows)


def show_files(files: "Iterable[AttachedFile]") -> None:
    """A line for each attached file."""
    words = session().words
    titles = words.texts("No.", "Account", "Attachment", "File", "Type", "Bytes", "Attached", "By", "State")
    rows = [
        (
            each.number,
            each.account,
            each.attachment,
            each.name,
            each.type,
            each.size,
            each.attached_at,
            each.attached_by,
            words.text("removed") if each.removed_at else "",
        )
        for each in files
    ]
    output.table(words.text("Attached files"), titles, rows)


def account_data(each: "AccountAttachments") -> dict[str, Any]:
    """An account with what stands behind it, for JSON."""
    return {
        "account": each.account,
        "name": each.name,
        "as_at": each.as_at,
        "ledger": Ore(each.closing),
        "reconciled": None if each.reconciled is None else Ore(each.reconciled),
        "difference": None if each.difference is None else Ore(each.difference),
        "attachments": [version_data(one) for one in each.attachments],
        "files": [file_data(one) for one in each.files],
    }


def version_data(each: "OwnAttachment") -> dict[str, Any]:
    """A version of a schedule for JSON."""
    said = each.schedule
    return {
        "number": each.number,
        "version": each.version,
        "state": each.state,
        "account": said.account,
        "as_at": said.as_at,
        "title": said.title,
        "standing": said.standing,
        "rows": [{"text": row.text, "amount": Ore(row.amount)} for row in said.rows],
        "total": Ore(said.total),
        "reconciled": Ore(said.reconciled),
        "comment": said.comment,
        "copying": said.copying.replace("_", "-"),
        "changed_at": each.changed_at,
        "changed_by": each.changed_by,
    }


def file_data(each: "AttachedFile") -> dict[str, Any]:
    """An attached file for JSON."""
    return {
        "number": each.number,
        "account": each.account,
        "attachment": each.attachment,
        "name": each.name,
        "type": each.type,
        "bytes": each.size,
        "sha256": each.blob,
        "attached_at": each.attached_at,
        "attached_by": each.attached_by,
        "removed_at": each.removed_at,
        "removed_by": each.removed_by,
    }


def _show_schedule(attachment: "OwnAttachment") -> None:
    words = session().words
    said = attachment.schedule
    title = words.text("Own attachment {number}", number=attachment.number)
    rows = [*((row.text, Ore(row.amount)) for row in said.rows), (words.text("Sum"), Ore(said.total))]
    output.table(f"{title} {said.title}".strip(), words.texts("Text", "Amount"), rows)
    if said.standing == "credit":
        pair = {"sum": words.amount(said.total), "signed": words.amount(said.reconciled)}
        output.line(words.text("Sum {sum} → {signed} in the ledger", **pair))
    if said.comment:
        output.line(said.comment, style="dim")
    copying = dict(
        zip(
            ("with_data", "without_data", "none"),
            words.texts("copied with data", "copied without data", "not copied"),
            strict=True,
        )
    )
    made = words.text(
        "Version {version}, {by} {at}; next period: {copying}.",
        version=attachment.version,
        by=attachment.changed_by,
        at=words.instant(attachment.changed_at),
        copying=copying[said.copying],
    )
    output.line(made, style="dim")


def _sums(each: "AccountAttachments") -> dict[str, object]:
    words = session().words
    shown: dict[str, object] = {words.text("The ledger"): Ore(each.closing)}
    if each.reconciled is not None and each.difference is not None:
        shown[words.text("Reconciled amount")] = Ore(each.reconciled)
        shown[words.text("Reconciliation difference")] = Ore(each.difference)
    return shown
