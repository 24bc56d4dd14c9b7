"""The anchor: the audit chain's head in a small file beside the database (T 3f).

Whoever can rewrite the whole chain in the database must also rewrite this file; copy it away (each backup does) and
they cannot. It is written after the commit, so it may lag behind by a crash but never run ahead.
"""

import fcntl
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from closing_host.storage.canonical import canonical_json
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.durable import write_file

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of the chain: its number (0 when there is none) and hash."""

    seq: int
    hash: str


class Anchor:
    """The file `audit.head`. `staging` is a folder on the same file system."""

    def __init__(self, path: Path, staging: Path) -> None:
        self._path = path
        self._staging = staging

    def read(self) -> Head | None:
        """The head it holds; None when the file is missing or cannot be read, which `verify` reports."""
        try:
            stated = json.loads(self._path.read_bytes())
            return Head(int(stated["seq"]), str(stated["hash"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, head: Head) -> None:
        """Advance to `head`, never back. A failure is logged, not raised: what it tells of is already committed."""
        try:
            with self._path.with_suffix(".lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                known = self.read()
                if known is None or known.seq < head.seq:
                    text = canonical_json({"seq": head.seq, "hash": head.hash})
                    write_file(self._path, text.encode(), staging=self._staging)
        except OSError as error:
            _LOG.warning("the audit anchor could not be written: %s", error)
        crashpoint("audit.after_anchor")
