"""Books from a file, and closing entries in any state, for tests of what is done with them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, Kind, Party, Status
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.storage.audit import Actor
from closing_host.storage.entries import EntryRecords
from small_sie import sie, voucher

YEAR = date(2025, 1, 1)
CLOSING_DAY = date(2025, 12, 31)

REACHED: dict[Status, tuple[tuple[Status, Party], ...]] = {
    Status.DRAFT: ((Status.DRAFT, "user"),),
    Status.READY: (),
    Status.NOT_FOR_TRANSFER: ((Status.NOT_FOR_TRANSFER, "user"),),
    Status.SENDING: ((Status.SENDING, "export"),),
    Status.UNKNOWN: ((Status.SENDING, "export"), (Status.UNKNOWN, "export")),
    Status.FAILED: ((Status.SENDING, "export"), (Status.FAILED, "export")),
    Status.DELETED: ((Status.DELETED, "user"),),
}
"""By which steps a new entry comes to a state."""


@contextmanager
def small_books(folder: Path) -> Iterator[Host]:
    """One client, id 1, with 2025: 1930 stands at 900,00 and 4010 at 100,00."""
    path = folder / "books.se"
    path.write_bytes(sie(voucher(1)))
    with Host.open(folder / "data", Actor("asa")) as host:
        asyncio.run(import_file(host, path, Placing(create=True)))
        yield host


def add(
    host: Host,
    text: str = "Upplupna löner",
    amount: int = 1_200_000,
    *,
    kind: Kind = "V",
    status: Status = Status.READY,
    day: date = CLOSING_DAY,
) -> ClosingEntry:
    """An entry on 7010 and 2910, brought to `status`."""
    content = EntryContent(day, text, (DraftRow("7010", amount), DraftRow("2910", -amount)), YEAR_END)
    with host.store.database.write() as connection:
        trail, records = host.store.trail(connection, host.actor), EntryRecords(connection, 1)
        entry = records.add(trail, YEAR, kind, content)
        for each, by in REACHED[status]:
            entry = records.set_status(trail, entry.id, each, by=by, reason="x")
        return entry


def held(host: Host) -> dict[str, ClosingEntry]:
    """The entries as they stand, deleted ones too, by label."""
    with host.store.database.read() as connection:
        return {each.label: each for each in EntryRecords(connection, 1).all(YEAR, deleted=True)}
