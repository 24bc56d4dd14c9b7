"""Small files of every type that may be attached."""

import io
import zipfile
from collections.abc import Mapping

import openpyxl


def archive(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


DOCX = archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})

SAMPLES: dict[str, bytes] = {
    ".pdf": b"%PDF-1.7\n%\xe2\xe3",
    ".png": b"\x89PNG\r\n\x1a\n\x00\x00",
    ".jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    ".xlsx": workbook(("a", 1)),
    ".docx": DOCX,
    ".csv": "Företag;Belopp\r\nÅ;1,50\r\n".encode(),
    ".txt": "Enligt besked från åklagaren\n".encode("cp1252"),
    ".xml": b'\xef\xbb\xbf<?xml version="1.0"?><a/>',
    ".se": b'#FLAGGA 0\r\n#FORMAT PC8\r\n#FNAMN "\x8fkeri"\r\n\x1a',
}
