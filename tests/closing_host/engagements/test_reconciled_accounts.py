"""What is typed and signed off against what the user saw: an import or somebody else may have moved it since."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.schedule import ScheduleRow
from closing_host.closing.standing import Figures
from closing_host.engagements.host import Host
from closing_host.engagements.own_attachments import add_own_attachment
from closing_host.engagements.reconciled_accounts import UNSEEN, note_account, sign_off
from period_books import LAST, MARCH, VOUCHERS, books_of, line, period_office, take_in
from small_sie import voucher

BANK, EQUITY = "1930", "2081"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with period_office(tmp_path) as opened:
        yield opened


def test_the_first_entry_in_the_year_end_changes_what_it_takes_over_from_december(host: Host) -> None:
    note_account(host, books_of(host), LAST, BANK, typed=82_500, comment="Kontoutdrag")
    assert line(host, "year-end", BANK).version == 0
    note_account(host, books_of(host), "year-end", BANK, typed=82_499, basis=0)
    record = line(host, "year-end", BANK).record
    assert (record.typed, record.comment) == (82_499, "Kontoutdrag")
    with pytest.raises(ClosingError, match="account-changed-meanwhile"):
        note_account(host, books_of(host), "year-end", BANK, typed=1, basis=0)


@pytest.mark.parametrize("typed", [1, None])
def test_p_7_2_the_comment_that_a_sign_off_wanted_stays_while_it_holds(typed: int | None, host: Host) -> None:
    note_account(host, books_of(host), MARCH, BANK, typed=typed, comment="Ring banken")
    sign_off(host, books_of(host), MARCH, [BANK])
    with pytest.raises(DataError, match="sign-off-wants-comment"):
        note_account(host, books_of(host), MARCH, BANK, comment=" ")
    assert line(host, MARCH, BANK).record.comment == "Ring banken"
    note_account(host, books_of(host), MARCH, BANK, typed=90_000, comment="")  # which opens it again
    with pytest.raises(DataError, match="sign-off-wants-comment"):
        note_account(host, books_of(host), MARCH, BANK, typed=typed)


def test_an_amount_that_an_attachment_has_overtaken_can_be_taken_away(host: Host) -> None:
    note_account(host, books_of(host), MARCH, BANK, typed=1)
    add_own_attachment(host, "1/2025", BANK, [ScheduleRow("Kontoutdrag", 90_000)], as_at=date(2025, 3, 31))
    note_account(host, books_of(host), MARCH, BANK, typed=None)
    assert (line(host, MARCH, BANK).record.typed, line(host, MARCH, BANK).figures.reconciled) == (None, 90_000)


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (Figures(90_000, 1), "sign-off-closing-moved"),
        (Figures(60_000, 2), "sign-off-reconciled-moved"),
        (Figures(60_000), "sign-off-reconciled-came"),
    ],
)
def test_figures_that_the_user_did_not_see_are_not_signed_off(
    seen: Figures, code: str, host: Host, tmp_path: Path
) -> None:
    note_account(host, books_of(host), MARCH, BANK, typed=1, comment="Ring")
    note_account(host, books_of(host), MARCH, EQUITY, typed=-100_000)
    take_in(host, tmp_path, *VOUCHERS, voucher(4, "300.00", "20250315"))
    other = {EQUITY: Figures(-100_000, -100_000)}
    with pytest.raises(ClosingError, match=code) as refused:
        sign_off(host, books_of(host), MARCH, [EQUITY, BANK], expected={**other, BANK: seen})
    assert refused.value.code in UNSEEN
    assert refused.value.parameters["account"] == BANK
    assert [line(host, MARCH, each).record.signed for each in (BANK, EQUITY)] == [None, None]
    note_account(host, books_of(host), MARCH, BANK, typed=None)
    with pytest.raises(ClosingError, match="sign-off-reconciled-went"):
        sign_off(host, books_of(host), MARCH, [BANK], expected={BANK: Figures(60_000, 1)})
    assert sign_off(host, books_of(host), MARCH, [EQUITY, BANK], expected={**other, BANK: Figures(60_000)}) == 2
