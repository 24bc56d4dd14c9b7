"""`closing verify`, `backup` and `restore`: the data folder as a whole."""

from pathlib import Path

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.session import session

SOUND = 0
BROKEN = 1


def verify() -> int:
    """Recompute every fingerprint, every stored file and the audit chain; name the first broken link.

    Exit code: 0 all as stored, 1 something is not.
    """
    from closing_host.storage.verify import verify as verify_store

    words = session().words
    with house() as host, output.progress(words.text("Verifying")) as report:
        found = verify_store(host.store, progress=lambda done, total: report("", done, total))

    def human() -> None:
        output.line(
            words.text(
                "{snapshots} snapshots, {files} files and {events} audit events looked at.",
                snapshots=found.snapshots,
                files=found.blobs,
                events=found.head.seq,
            )
        )
        for each in found.problems:
            output.line(words.message(each.code, each.parameters), style="red")
        if not found.problems:
            output.line(words.text("All is as it was stored."))

    data = {
        "snapshots": found.snapshots,
        "files": found.blobs,
        "audit_events": found.head.seq,
        "audit_head": found.head.hash,
        "problems": [
            {"code": each.code, "message": words.message(each.code, each.parameters)} for each in found.problems
        ],
    }
    output.result(data, human)
    return BROKEN if found.problems else SOUND


def backup(target: Path, /) -> int:
    """Back up the data folder while it is in use. Keys are not in it.

    Parameters
    ----------
    target
        A folder that does not exist yet, or a .zip file.
    """
    from closing_host.storage.backup import backup as back_up

    words = session().words
    with house() as host, output.progress(words.text("Backing up")) as report:
        made = back_up(host.store, target, progress=lambda done, total: report("", done, total))

    def human() -> None:
        output.line(words.text("Backup of {count} files: {path}.", count=made.files, path=made.path))
        for name in made.missing:
            output.line(words.text("Missing in the data folder: {name}. Run closing verify.", name=name), style="red")

    data = {"path": made.path, "at": made.created_at, "files": made.files, "missing": made.missing}
    output.result(data, human)
    return BROKEN if made.missing else SOUND


def restore(backup: Path, /) -> int:
    """Restore a backup into the data folder, which must be empty or new.

    Parameters
    ----------
    backup
        A folder or .zip file that closing backup made.
    """
    from closing_host.storage.audit import Actor
    from closing_host.storage.restore import restore as put_back

    now = session()
    words = now.words
    with output.progress(words.text("Restoring")) as report:
        restored = put_back(
            backup, now.data, actor=Actor(now.actor), progress=lambda done, total: report("", done, total)
        )
    problems = restored.verification.problems

    def human() -> None:
        output.line(words.text("Restored {count} files into {folder}.", count=restored.files, folder=now.data))
        for each in problems:
            output.line(words.message(each.code, each.parameters), style="red")
        if not problems:
            output.line(words.text("All is as it was stored."))

    data = {
        "folder": now.data,
        "files": restored.files,
        "problems": [{"code": each.code, "message": words.message(each.code, each.parameters)} for each in problems],
    }
    output.result(data, human)
    return BROKEN if problems else SOUND
