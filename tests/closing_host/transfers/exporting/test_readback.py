"""What becomes of an unknown outcome: looked up after the waiting period, never guessed (B17-B20)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from closing_host.api.errors import Expired, PluginFault, RateLimited, SourceUnavailable
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import ClosingEntry, Status
from closing_host.transfers.exporting.views import BatchView
from export_firm import Firm, books, books_and_raises, raises

LOST = SourceUnavailable("source-silent")


def lost(firm: Firm, *, booked: bool = True) -> ClosingEntry:
    """An entry whose answer was lost."""
    entry = firm.add()
    firm.ledger.script = [(books_and_raises if booked else raises)(LOST)]
    firm.export()
    return entry


def looked(firm: Firm) -> BatchView:
    (view,) = firm.later(minutes=3)
    return view


@pytest.mark.parametrize(
    "error", [LOST, RateLimited(), Expired(), PluginFault(), RuntimeError("bug")], ids=lambda each: type(each).__name__
)
@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("booked", [True, False])
def test_an_error_while_looking_is_never_an_absence(firm: Firm, error: Exception, nth: int, booked: bool) -> None:
    entry = lost(firm, booked=booked)
    firm.ledger.looks = [None] * (nth - 1) + [error] * 3
    if nth == 2 and booked:
        assert looked(firm).state == "COMPLETED"  # found at the first reading
        return
    sent = len(firm.ledger.sent)
    view = looked(firm)
    assert (view.state, view.vouchers[0].state, len(firm.ledger.sent)) == ("WAITING", "AMBIGUOUS", sent)
    assert firm.entry(entry).status is Status.UNKNOWN
    firm.ledger.looks = []
    (view,) = firm.later(minutes=10)
    assert (view.state, firm.numbers) == ("COMPLETED", ["I 1"])


def test_pages_that_move_or_totals_that_differ_prove_no_absence(firm: Firm) -> None:
    lost(firm, booked=False)
    firm.ledger.complete = False
    view = looked(firm)
    assert (view.state, view.reason) == ("WAITING", "export-look-incomplete")
    firm.ledger.complete = True
    firm.ledger.total = None
    (view,) = firm.later(minutes=5)
    assert (view.state, view.reason) == ("WAITING", "export-look-incomplete")
    firm.ledger.total = 0

    def grow(seconds: float) -> object:
        firm.ledger.total = (firm.ledger.total or 0) + 1
        return original(seconds)

    original = firm.host.sleep
    object.__setattr__(firm.host, "sleep", grow)
    (view,) = firm.later(minutes=10)
    assert (view.state, view.vouchers[0].attempts) == ("WAITING", 1)
    object.__setattr__(firm.host, "sleep", original)
    (view,) = firm.later(minutes=10)
    assert (view.state, firm.numbers) == ("COMPLETED", ["I 1"])


def test_two_readings_of_one_moment_prove_no_absence(firm: Firm) -> None:
    lost(firm, booked=False)

    async def at_once(seconds: float) -> None:
        return

    original = firm.host.sleep
    object.__setattr__(firm.host, "sleep", at_once)
    assert looked(firm).state == "WAITING"
    object.__setattr__(firm.host, "sleep", original)
    (view,) = firm.later(minutes=10)
    assert view.state == "COMPLETED"


def test_what_shows_at_the_second_reading_is_found(firm: Firm) -> None:
    """The list lags (B19)."""
    entry = lost(firm)
    hidden, firm.ledger.vouchers = firm.ledger.vouchers, []

    async def sleep(seconds: float) -> None:
        firm.clock.advance(timedelta(seconds=seconds))
        firm.ledger.vouchers = hidden

    object.__setattr__(firm.host, "sleep", sleep)
    view = looked(firm)
    assert (view.state, view.vouchers[0].evidence, len(firm.ledger.sent)) == ("COMPLETED", "found", 1)
    assert firm.entry(entry).status is Status.TRANSFERRED


def test_an_edited_voucher_is_ours_with_a_difference(firm: Firm) -> None:
    entry = lost(firm)
    rows = (DraftRow("7010", 1), DraftRow("2910", -1))
    firm.ledger.vouchers = [replace(firm.ledger.vouchers[0], rows=rows, text="annat")]
    view = looked(firm)
    assert (view.vouchers[0].state, view.vouchers[0].number) == ("CONFIRMED_MODIFIED", "1")
    assert view.vouchers[0].difference is not None
    assert firm.entry(entry).status is Status.TRANSFERRED


def test_a_voucher_without_its_marker_is_ours_when_it_is_equal_word_for_word(firm: Firm) -> None:
    lost(firm)
    firm.ledger.vouchers = [replace(firm.ledger.vouchers[0], comment="")]
    view = looked(firm)
    assert (view.state, view.vouchers[0].evidence, firm.numbers) == ("COMPLETED", "found", ["I 1"])


def test_a_voucher_without_its_marker_that_is_only_alike_is_a_persons_to_decide(firm: Firm) -> None:
    entry = lost(firm)
    firm.ledger.vouchers = [replace(firm.ledger.vouchers[0], comment="", text="annat")]
    view = looked(firm)
    assert (view.state, view.vouchers[0].reason, view.vouchers[0].found) == (
        "NEEDS_HUMAN",
        "export-unsure",
        ("I 1",),
    )
    assert view.vouchers[0].reversals == ()  # nobody knows that it is a double
    assert firm.entry(entry).status is Status.DOUBLE


def test_a_marker_stripped_where_nobody_noted_the_number_is_found_all_the_same(firm: Firm) -> None:
    firm.ledger.terms = {"series": tuple(replace(each, next_number=None) for each in firm.ledger.series)}
    lost(firm)
    firm.ledger.vouchers = [replace(firm.ledger.vouchers[0], comment="", text="annat")]
    assert looked(firm).vouchers[0].reason == "export-unsure"


def test_an_equal_voucher_of_another_entry_is_never_taken_for_ours(firm: Firm) -> None:
    """Two equal vouchers are legal: the second of them was not booked."""
    firm.add(), firm.add()
    firm.ledger.script = [books, raises(LOST)]
    firm.export()
    firm.ledger.vouchers = [replace(firm.ledger.vouchers[0], comment="", text="V2 Upplupna löner")]  # and renamed
    view = looked(firm)
    assert [(each.state, each.number) for each in view.vouchers] == [("CONFIRMED", "1"), ("CONFIRMED", "2")]


def test_a_lost_answer_of_which_there_are_two_is_a_double(firm: Firm) -> None:
    entry = lost(firm)
    firm.ledger.vouchers.append(replace(firm.ledger.vouchers[0], number="2"))
    view = looked(firm)
    assert (view.state, view.vouchers[0].reason, view.vouchers[0].found) == (
        "NEEDS_HUMAN",
        "export-booked-twice",
        ("I 1", "I 2"),
    )
    assert firm.entry(entry).status is Status.DOUBLE


def test_three_sendings_without_a_trace_are_enough(firm: Firm) -> None:
    entry = firm.add()
    firm.ledger.script = [raises(LOST)] * 3
    firm.export()
    (first,) = firm.later(minutes=3)
    (second,) = firm.later(minutes=3)
    (view,) = firm.later(minutes=3)
    assert [each.state for each in (first, second, view)] == ["WAITING", "WAITING", "STOPPED"]
    assert (view.vouchers[0].state, view.vouchers[0].attempts, len(firm.ledger.sent)) == ("NOT_SENT", 3, 3)
    assert firm.entry(entry).status is Status.READY
    assert view.next_look is not None  # a late booking of the three would still be found
