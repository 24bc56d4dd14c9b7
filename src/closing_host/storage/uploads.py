"""Files that a browser sent, for a day: bytes under names of ours, what was told beside them.

An import keeps the bytes as received of its own. The name that a file had is kept as text and never becomes part of a
path (T F7).
"""

import json
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from closing_host.api.errors import ClosingError
from closing_host.storage.blobs import stamped
from closing_host.storage.faults import disk_faults

KEPT: Final = timedelta(hours=24)
"""How long a file waits for its user's decision."""

_BATCH: Final = re.compile(r"[0-9a-f]{16}")
_PREFIX: Final = "upload-"


@dataclass(frozen=True, slots=True)
class Upload:
    """One file. `engagement_id`: where the user put it, None to go by its organisation number. `encoding`: the user's
    choice, "" for what the bytes say. `run_id`: its import, "" before. `confirmed`: the user
    said that the company is right, and of it `form`, `framework` and `period`, each "" for nothing."""

    batch: str
    number: int
    name: str
    engagement_id: int | None
    encoding: str = ""
    run_id: str = ""
    confirmed: bool = False
    form: str = ""
    framework: str = ""
    period: str = ""


class Uploads:
    """The batches of a data folder; `folder` is its `tmp`."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder

    def new_batch(self) -> str:
        """An empty batch; 64 random bits, so that nobody meets one by chance."""
        batch = secrets.token_hex(8)
        with disk_faults():
            self._path(batch).mkdir(mode=0o700)
        return batch

    def forget_old(self, now: datetime) -> int:
        """Remove batches that are older than `KEPT` by the machine's clock. Returns how many."""
        with disk_faults():
            old = [path for path in self._folder.glob(f"{_PREFIX}*") if stamped(path) <= now - KEPT]
            for path in old:
                shutil.rmtree(path, ignore_errors=True)  # another process may remove it too
        return len(old)

    def add(self, batch: str, name: str, content: BinaryIO, *, engagement_id: int | None = None) -> Upload:
        """Store a file. Raises `ClosingError` `upload-unknown`, `disk-full`, `disk-failed`."""
        upload = Upload(batch, len(self.of_batch(batch)), name, engagement_id)
        with disk_faults(), self.path(upload).open("xb") as file:
            shutil.copyfileobj(content, file)
        self.change(upload)
        return upload

    def change(self, upload: Upload) -> None:
        """Store what is told of the file."""
        with disk_faults():
            aside = self._path(upload.batch) / f"{upload.number}.new"
            aside.write_text(json.dumps(asdict(upload)), "utf-8")
            aside.replace(self._path(upload.batch) / f"{upload.number}.json")

    def of_batch(self, batch: str) -> tuple[Upload, ...]:
        """The batch's files, as they came. Raises `ClosingError` `upload-unknown`."""
        found = [_upload(json.loads(path.read_text("utf-8"))) for path in self._known(batch).glob("*.json")]
        return tuple(sorted(found, key=lambda each: each.number))

    def get(self, batch: str, number: int) -> Upload:
        """One file. Raises `ClosingError` `upload-unknown`."""
        for each in self.of_batch(batch):
            if each.number == number:
                return each
        raise ClosingError("upload-unknown")

    def path(self, upload: Upload) -> Path:
        """Where its bytes are."""
        return self._known(upload.batch) / str(upload.number)

    def _known(self, batch: str) -> Path:
        if not _BATCH.fullmatch(batch) or not self._path(batch).is_dir():
            raise ClosingError("upload-unknown")
        return self._path(batch)

    def _path(self, batch: str) -> Path:
        return self._folder / f"{_PREFIX}{batch}"


def _upload(stored: Mapping[str, object]) -> Upload:
    return Upload(**stored)  # type: ignore[arg-type]  # written by `change`
