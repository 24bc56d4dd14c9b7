"""Named places between two writes, where tests let the program die (T 4.4).

In production `crashpoint` does nothing. A test installs a handler that raises a `BaseException`, raises `OSError`
as a full disk does, or kills the process; afterwards it looks at what is left.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

POINTS: Final = (
    "file.before_write",
    "file.after_write",
    "file.after_sync",
    "file.after_rename",
    "folder.after_files",
    "folder.after_rename",
    "import.after_fingerprint",
    "import.after_ledger",
    "import.after_begin",
    "import.after_snapshot_row",
    "import.after_pointer",
    "import.after_run",
    "import.before_commit",
    "import.after_commit",
    "current.after_pointer",
    "current.before_commit",
    "current.after_commit",
    "entry.before_write",
    "entry.after_row",
    "entry.after_version",
    "entry.after_event",
    "setup.before_row",
    "setup.after_row",
    "session.before_row",
    "session.after_row",
    "audit.after_insert",
    "audit.after_anchor",
    "attachments.after_facts",
    "attachments.before_rows",
    "attachments.after_rows",
    "attachments.after_run",
    "attachments.before_commit",
    "attachments.after_commit",
    "note.before_row",
    "note.after_row",
    "accounts.before_row",
    "accounts.after_row",
    "analysis.before_mark",
    "analysis.after_mark",
    "analysis.before_unmark",
    "analysis.after_unmark",
    "analysis.before_check",
    "analysis.after_check",
    "analysis.before_removal",
    "analysis.after_removal",
    "period.before_start",
    "period.after_start",
    "period.before_lock",
    "period.after_lock",
    "period.after_figures",
    "period.before_unlock",
    "period.after_unlock",
    "account.before_row",
    "account.after_row",
    "reconciliation.before_row",
    "reconciliation.after_row",
    "system.before_row",
    "system.after_row",
    "own_attachment.before_write",
    "own_attachment.after_row",
    "own_attachment.after_version",
    "own_attachment.after_event",
    "attached_file.before_write",
    "attached_file.after_row",
    "attached_file.after_event",
    "export.before_choice",
    "export.after_choice",
    "export.before_freeze",
    "export.after_freeze",
    "export.before_lease",
    "export.after_lease",
    "export.before_sending",
    "export.after_sending",
    "export.before_send",
    "export.after_send",
    "export.before_outcome",
    "export.after_outcome",
    "export.before_looking",
    "export.after_looking",
    "export.before_verdict",
    "export.after_verdict",
    "export.before_rest",
    "export.after_rest",
    "export.before_sweep",
    "export.after_sweep",
    "sweep.after_removal",
    "upgrade.after_copy",
    "upgrade.after_revision",
    "upgrade.before_commit",
    "backup.after_database",
    "backup.after_files",
    "restore.after_files",
    "restore.after_database",
    "restore.after_verify",
)
"""Every point there is; a test reaches each. `file` and `folder` points are passed once for each file or folder."""

_handler: Callable[[str], None] | None = None


def crashpoint(name: str) -> None:
    """Mark a place between two writes."""
    if _handler is not None:
        _handler(name)


@contextmanager
def crash_handler(handler: Callable[[str], None]) -> Iterator[None]:
    """Call `handler` with the name of each point that is passed, until the block ends. For tests; not per thread."""
    global _handler  # noqa: PLW0603  one switch for the whole process is what a crash is
    _handler = handler
    try:
        yield
    finally:
        _handler = None
