"""Sets one report as PDF/A: JSON on standard input, the file on standard output. A program that `pdf` starts.

The typesetter keeps what it has set in memory until its process ends, and a fault in it ends the process; here both
cost nothing. It reads the template beside it and uses the fonts that typst brings: no other file, no network.
"""

import json
import sys
from pathlib import Path
from typing import Final

import typst

STANDARD: Final = "a-2a"
"""PDF/A-2, level A: for keeping, and readable by machines and aloud (ISO 19005-2)."""


def main() -> None:
    """`{"report": …, "timestamp": seconds since 1970}` becomes the PDF."""
    stated = json.load(sys.stdin.buffer)
    content = typst.compile(
        Path(__file__).with_name("report.typ").read_bytes(),
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False),
        sys_inputs={"report": json.dumps(stated["report"])},
        pdf_standards=[STANDARD],
        timestamp=stated["timestamp"],
    )
    assert isinstance(content, bytes)
    sys.stdout.buffer.write(content)


if __name__ == "__main__":
    main()
