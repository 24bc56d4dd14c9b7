"""Two users at once: what another one does while a period's figures are computed is neither lost nor locked over."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from attachment_house import attach
from closing_host.api.errors import ClosingError
from closing_host.api.subledger import OpenItem, OpenItems
from closing_host.closing.schedule import ScheduleRow
from closing_host.closing.standing import Moved, Standing
from closing_host.engagements.host import Host
from closing_host.engagements.own_attachments import add_own_attachment
from closing_host.engagements.period_locking import lock_period
from closing_host.engagements.reconciled_accounts import note_account, sign_off
from closing_host.engagements.reconciling import Keep
from closing_host.engagements.setup import choose_period
from period_books import MARCH, VOUCHERS, books_of, entry, line, lock, period_office, periods_now, take_in
from small_sie import voucher

BANK = "1930"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with period_office(tmp_path) as opened:
        choose_period(opened, 1, "quarter")
        yield opened


def meanwhile(act: Callable[[], object]) -> Keep:
    """Somebody else acts while the figures are computed."""
    left = [act]

    def keep(what: object, make: Callable[[], Any], size: object) -> Any:
        if left:
            left.pop()()
        return make()

    return keep


def make_attachments(host: Host) -> None:
    """As an import does that changes nothing in the books."""
    books = books_of(host).books
    items = (OpenItem("1", "1", "Elkraft", date(2025, 3, 1), None, 500),)
    attach(host, books.snapshot.id, books.ledger, OpenItems("payables", ("2440",), date(2025, 12, 31), items))


OTHERS: dict[str, Callable[[Host], object]] = {
    "divides": lambda host: choose_period(host, 1, "month"),
    "enters": lambda host: entry(host, date(2025, 3, 31)),
    "types": lambda host: note_account(host, books_of(host), MARCH, BANK, typed=1),
    "attaches": lambda host: add_own_attachment(host, "1/2025", BANK, [ScheduleRow("x", 1)], as_at=date(2025, 3, 31)),
    "makes attachments": make_attachments,
    "locks": lambda host: lock(host, MARCH, "Före"),
}


@pytest.mark.parametrize("other", OTHERS)
def test_what_another_user_does_during_a_locking_is_never_locked_over(other: str, host: Host) -> None:
    with pytest.raises(ClosingError, match=r"period-changed-meanwhile|period-locked"):
        lock_period(host, books_of(host), MARCH, reason="Klart", keep=meanwhile(lambda: OTHERS[other](host)))
    held = [each.lock for each in periods_now(host).periods if each.lock is not None]
    assert [each.reason for each in held] == (["Före"] if other == "locks" else [])


def test_nothing_is_signed_off_in_a_period_that_another_user_locks_meanwhile(host: Host) -> None:
    note_account(host, books_of(host), MARCH, BANK, comment="Ring")
    with pytest.raises(ClosingError, match="period-locked"):
        sign_off(host, books_of(host), MARCH, [BANK], keep=meanwhile(lambda: lock(host, MARCH, "Före")))
    assert line(host, MARCH, BANK).record.signed is None


def test_what_another_user_attached_meanwhile_is_signed_off_as_it_is(host: Host) -> None:
    note_account(host, books_of(host), MARCH, BANK, comment="Ring")
    act = meanwhile(lambda: OTHERS["attaches"](host))
    sign_off(host, books_of(host), MARCH, [BANK], keep=act)
    signed = line(host, MARCH, BANK).record.signed
    assert signed is not None
    assert (signed.closing, signed.reconciled) == (90_000, 1)
    assert line(host, MARCH, BANK).standing is Standing.DONE


def test_a_sign_off_by_books_that_were_replaced_is_changed_at_once(host: Host, tmp_path: Path) -> None:
    note_account(host, books_of(host), MARCH, BANK, comment="Ring")
    seen = books_of(host)
    take_in(host, tmp_path, *VOUCHERS, voucher(4, "1.00", "20250331"))
    sign_off(host, seen, MARCH, [BANK])
    assert line(host, MARCH, BANK).moved == (Moved("closing", 90_000, 89_900),)
