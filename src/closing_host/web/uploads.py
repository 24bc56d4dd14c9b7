"""Files that a form brings, on their way to the rules that say what may be taken in."""

import tempfile
from pathlib import Path, PurePosixPath

from starlette.datastructures import UploadFile

from closing_host.api.errors import DataError
from closing_host.closing.attached_files import MOST_BYTES, kept_name, saved_name
from closing_host.closing.schedule import ScheduleRow
from closing_host.documents.schedule_rows import read_rows
from closing_host.web.call import Call


def sent_files(call: Call) -> list[UploadFile]:
    """The form's files. Raises `DataError` `attached-file-not-given` without any."""
    files = [each for each in call.form.getlist("file") if isinstance(each, UploadFile) and each.filename]
    if not files:
        raise DataError("attached-file-not-given")
    return files


def content_of(file: UploadFile) -> bytes:
    """Its bytes, as far as the largest that may be attached is looked at. What was kept aside of it is given up."""
    with file.file:
        return file.file.read(MOST_BYTES + 1)


def rows_of(file: UploadFile) -> tuple[ScheduleRow, ...]:
    """The rows that a CSV or XLSX file holds. Raises what `read_rows` raises."""
    name = kept_name(file.filename or "")
    with tempfile.TemporaryDirectory(prefix="rows-") as folder:
        path = Path(folder) / saved_name(name, PurePosixPath(name).suffix.lower()[:10])
        path.write_bytes(content_of(file))
        return read_rows(path)
