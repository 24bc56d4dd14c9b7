"""Answers that a browser saves and never shows (T F11)."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from closing_host.engagements.attachment_documents import Document, Form

_TYPES: Final[dict[str, str]] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}
_BYTES: Final = "application/octet-stream"
_AT_A_TIME: Final = 256 * 1024


def saved(content: BinaryIO, name: str) -> Response:
    """The file as it is, closed at the end. `name` is one that any system can save.

    It is served as bytes, whatever it holds: no browser opens these by itself, and its name tells the system the rest.
    """

    def parts() -> Iterator[bytes]:
        with content:
            while part := content.read(_AT_A_TIME):
                yield part

    return StreamingResponse(parts(), media_type=_BYTES, headers=_headers(name))


def composed(documents: Sequence[Document], form: Form, several: str) -> Response:
    """The documents written: one as it is, several as an archive called `several`.

    A PDF is set in a process of its own, and waited for: not for the event loop. Raises what writing raises.
    """
    written = [(f"{each.name}.{form}", _written(each)) for each in documents]
    if len(written) == 1:
        name, content = written[0]
        return Response(content, media_type=_TYPES[form], headers=_headers(name))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in written:
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return Response(archive.getvalue(), media_type=_TYPES["zip"], headers=_headers(f"{several}.zip"))


def _written(document: Document) -> bytes:
    target = io.BytesIO()
    document.write(target)
    return target.getvalue()


def _headers(name: str) -> dict[str, str]:
    plain = "".join(each if each.isascii() and each.isprintable() and each not in '"\\%' else "_" for each in name)
    return {"Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"}
