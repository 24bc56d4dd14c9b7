"""The books of P 7.5.3's example, for tests of system entries from the command line and on pages."""

import asyncio
from pathlib import Path

from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.setup import confirm_company
from closing_host.storage.audit import Actor
from small_sie import sie

OPENING = (("1930", "100000.00"), ("2123", "-100000.00"))
SALES = ("A", "1", "20260310", [("1930", "800000.00"), ("3010", "-800000.00")])


def example_books(folder: Path, form: str = "AB") -> None:
    """A data folder in `folder` with one client, number 1: result 800 000, a reserve of 100 000 when 2026 began."""
    path = folder / "books.se"
    path.write_bytes(sie(SALES, year=("20260101", "20261231"), opening=OPENING))
    with Host.open(folder / "data", Actor("asa")) as host:
        asyncio.run(import_file(host, path, Placing(create=True)))
        if form:
            confirm_company(host, 1, form=form)
