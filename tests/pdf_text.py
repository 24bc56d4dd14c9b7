"""A PDF read back: its pages' text and what it says of itself."""

import io
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pypdf import PdfReader

from closing_host.documents import Imprint, Report, write_pdf

MADE_AT = datetime(2026, 2, 14, 9, 0, tzinfo=UTC)
IMPRINT = Imprint(
    "Exempelbolaget AB",
    "559812-3452",
    date(2025, 1, 1),
    date(2025, 12, 31),
    "3f2a9c81d0e4" + "ab" * 26,
    "asa",
    MADE_AT,
    version=3,
)


@dataclass(frozen=True)
class Printed:
    """`text`: blanks of any kind as one, and no marks where a line may break."""

    pages: list[str]
    title: str
    standard: str
    embedded: bool
    active: list[str]

    @property
    def text(self) -> str:
        return " ".join(self.pages)


def pdf_bytes(report: Report) -> bytes:
    file = io.BytesIO()
    write_pdf(report, file)
    return file.getvalue()


def read_pdf(content: bytes) -> Printed:
    reader = PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    part = re.search(r"<pdfaid:part>(\d)</pdfaid:part>", metadata)
    level = re.search(r"<pdfaid:conformance>(\w)</pdfaid:conformance>", metadata)
    resources: list[Any] = [page["/Resources"] for page in reader.pages]
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for each in resources
        for font in each["/Font"].values()
    ]
    unsafe = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/URI", "/AA")
    return Printed(
        [" ".join(page.extract_text().replace("\u200b", "").split()) for page in reader.pages],
        reader.metadata.title or "" if reader.metadata else "",
        f"{part[1]}{level[1].lower()}" if part and level else "",
        bool(fonts) and all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts),
        [name for name in unsafe if name.encode() in content],
    )
