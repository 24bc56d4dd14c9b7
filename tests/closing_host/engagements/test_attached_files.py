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
from closing_host.engagements.own_attachments import account_attachments, add_own_attachment, remove_own_attachment
from closing_host.engagements.period_locking import unlock_period
from closing_host.engagements.period_material import read_material
from period_books import APRIL, LAST, MARCH, books_of, line, lock, period_office, start

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


def test_every_list_of_a_period_has_the_files_of_its_own_schedules_and_of_the_account(host: Host) -> None:
    for day, name in ((date(2025, 3, 31), "mars.pdf"), (END_OF_APRIL, "april.pdf")):
        note = add_own_attachment(host, "1/2025", BANK, [ScheduleRow("Utdrag", 1)], as_at=day)
        attach_file(host, "1/2025", BANK, name, SAMPLES[".pdf"], attachment=note.number)
    attach_file(host, "1/2025", BANK, "avtal.pdf", SAMPLES[".pdf"])
    own = {each.as_at: [file.name for file in each.files] for each in account_attachments(host, "1/2025", BANK)}
    for key, day, names in (
        (MARCH, date(2025, 3, 31), ["mars.pdf", "avtal.pdf"]),
        (APRIL, END_OF_APRIL, ["april.pdf", "avtal.pdf"]),
        (LAST, date(2025, 12, 31), ["avtal.pdf"]),
    ):
        assert own[day] == names
        assert [each.name for each in read_material(host, "1/2025", key).files_of(BANK)] == names
        assert line(host, key, BANK).files == len(names)
