"""Attached files in the periods that they stand behind."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from attachable import SAMPLES
from closing_host.api.errors import ClosingError
from closing_host.closing.schedule import ScheduleRow
from closing_host.engagements.attached_files import attach_file, attached_files, remove_file
from closing_host.engagements.host import Host
from closing_host.engagements.own_attachments import add_own_attachment, remove_own_attachment
from closing_host.engagements.period_locking import unlock_period
from period_books import APRIL, books_of, lock, period_office, start

BANK, END_OF_APRIL = "1930", date(2025, 4, 30)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with period_office(tmp_path) as opened:
        yield opened


def test_a_file_behind_a_schedule_of_a_paused_period_stays(host: Host) -> None:
    note = add_own_attachment(host, "1/2025", BANK, [ScheduleRow("Utdrag", 1)], as_at=END_OF_APRIL)
    kept = attach_file(host, "1/2025", BANK, "a.pdf", SAMPLES[".pdf"], attachment=note.number)
    own = attach_file(host, "1/2025", BANK, "b.pdf", SAMPLES[".pdf"])
    start(host, APRIL)
    lock(host, "2025-01", "Klart")
    unlock_period(host, 1, books_of(host).books.snapshot, "2025-01", "Ny faktura")
    for act in (
        lambda: remove_file(host, "1/2025", kept.number),
        lambda: attach_file(host, "1/2025", BANK, "c.pdf", SAMPLES[".pdf"], attachment=note.number),
        lambda: remove_own_attachment(host, "1/2025", note.number),
    ):
        with pytest.raises(ClosingError, match="period-paused"):
            act()
    assert attached_files(host, "1/2025") == (kept, own)
    remove_file(host, "1/2025", own.number)
    lock(host, "2025-01", "Igen")
    lock(host, "2025-02", "Klart")
    lock(host, "2025-03", "Klart")
    assert remove_file(host, "1/2025", kept.number).removed_by == "asa"
