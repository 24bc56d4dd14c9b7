"""What waits for a period that was unlocked (P 7.2, *Pausad*): every later one, whether it was started or not."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError
from closing_host.closing.schedule import ScheduleRow
from closing_host.engagements.host import Host
from closing_host.engagements.own_attachments import add_own_attachment, remove_own_attachment
from closing_host.engagements.period_locking import unlock_period
from closing_host.engagements.reconciled_accounts import note_account
from period_books import books_of, entry, lock, period_office, periods_now, start, states

BANK, JULY, END_OF_JULY = "1930", "2025-07", date(2025, 7, 31)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """January was unlocked; February was started after it, and nothing later."""
    with period_office(tmp_path) as opened:
        add_own_attachment(opened, "1/2025", BANK, [ScheduleRow("Utdrag", 1)], as_at=END_OF_JULY)
        lock(opened, "2025-01", "Klart")
        unlock_period(opened, 1, books_of(opened).books.snapshot, "2025-01", "Ny faktura")
        yield opened


def test_nothing_is_entered_in_a_later_period_that_was_never_started_either(host: Host) -> None:
    assert states(host)[JULY] == "not-started"
    acts: list[Callable[[], object]] = [
        lambda: note_account(host, books_of(host), JULY, BANK, typed=1),
        lambda: start(host, JULY),
        lambda: lock(host, JULY, "Bråttom"),
        lambda: entry(host, END_OF_JULY),
        lambda: entry(host, date(2025, 12, 31), closing=True),
        lambda: add_own_attachment(host, "1/2025", BANK, [ScheduleRow("x", 1)], as_at=date(2025, 7, 15)),
        lambda: remove_own_attachment(host, "1/2025", 1),
    ]
    for act in acts:
        with pytest.raises(ClosingError, match="period-paused") as refused:
            act()
        assert refused.value.parameters["earlier"] == "2025-01"
    assert states(host)[JULY] == "not-started"


def test_a_period_says_before_anything_is_done_whether_it_can_be_entered(host: Host) -> None:
    assert [each.key for each in periods_now(host).periods if each.enterable] == ["2025-01"]
    entry(host, date(2025, 1, 31))
    lock(host, "2025-01", "Igen")
    assert all(each.enterable for each in periods_now(host).periods[1:])
    entry(host, END_OF_JULY)
