"""The final looks: doubles, and what came late, are found for a day and never deleted (B3, B4)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from closing_host.api.context import ExportRequest
from closing_host.api.errors import SourceUnavailable
from closing_host.api.vouchers import Outcome, Rejected
from closing_host.closing.entries import Status
from export_firm import Firm, Ledger, books, raises

LOST = SourceUnavailable("source-silent")


def twice(ledger: Ledger, request: ExportRequest) -> Outcome:
    """A proxy sent it twice."""
    books(ledger, request)
    return books(ledger, request)


def test_a_voucher_that_a_proxy_sent_twice_is_shown_at_once_with_its_reversal(firm: Firm) -> None:
    entry = firm.add(120_00)
    firm.ledger.script = [twice]
    view = firm.export()
    assert (view.state, view.vouchers[0].reason, view.vouchers[0].found) == (
        "NEEDS_HUMAN",
        "export-booked-twice",
        ("I 1", "I 2"),
    )
    (reversal,) = view.vouchers[0].reversals
    assert [(row.account, row.amount) for row in reversal.rows] == [("7010", -120_00), ("2910", 120_00)]
    assert (reversal.text, reversal.date.isoformat()) == ("Rättelse av I 2", "2025-12-31")
    assert firm.entry(entry).status is Status.DOUBLE
    assert firm.numbers == ["I 1", "I 2"]


@pytest.mark.parametrize("late", [timedelta(minutes=4), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=12)])
def test_a_booking_after_the_waiting_period_is_found_within_a_day(firm: Firm, late: timedelta) -> None:
    entry = firm.add()

    def answer(ledger: Ledger, request: ExportRequest) -> Outcome:
        firm.ledger.late.append((firm.clock() + late, request))
        raise LOST

    firm.ledger.script = [answer]
    began = firm.clock()
    firm.export()
    (view,) = firm.later(minutes=3)
    assert (view.state, firm.numbers) == ("COMPLETED", ["I 1"])
    looks = []
    while (due := firm.status().next_look) is not None:
        looks.append(due - began)
        firm.later(seconds=(due - firm.clock()).total_seconds())
    whole = [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=24)]
    assert looks == [each for n, each in enumerate(whole) if n == 0 or whole[n - 1] < late]  # then a person has it
    assert firm.status().state == "NEEDS_HUMAN"
    assert firm.entry(entry).status is Status.DOUBLE
    assert firm.resume() == ()


def test_a_batch_in_which_all_was_clear_is_looked_at_once(firm: Firm) -> None:
    firm.add()
    looks = len(firm.ledger.found)
    assert firm.export().next_look is None
    assert len(firm.ledger.found) - looks == 3  # two series before, one after


def test_what_was_called_refused_and_is_there_after_all_is_booked(firm: Firm) -> None:
    entry = firm.add()

    def lies(ledger: Ledger, request: ExportRequest) -> Outcome:
        books(ledger, request)
        return Rejected("no")

    firm.ledger.script = [lies]
    view = firm.export()
    assert (view.state, view.vouchers[0].state, view.vouchers[0].evidence) == ("COMPLETED", "CONFIRMED", "found")
    assert firm.entry(entry).status is Status.TRANSFERRED


def test_a_late_booking_of_what_was_exported_anew_is_a_double_of_both(firm: Firm) -> None:
    """Given up after three sendings, exported again by a person, and then the first one comes."""
    entry = firm.add()
    firm.ledger.script = [raises(LOST)] * 3
    firm.export()
    for _ in range(3):
        firm.later(minutes=3)
    assert firm.export().state == "COMPLETED"
    firm.ledger.vouchers.append(replace(firm.ledger.vouchers[0], number="2"))
    firm.later(hours=1)
    assert firm.entry(entry).status is Status.DOUBLE


def test_a_late_booking_of_what_was_given_up_is_taken_over(firm: Firm) -> None:
    entry = firm.add()
    firm.ledger.script = [raises(LOST)] * 3
    firm.export()
    for _ in range(3):
        firm.later(minutes=3)
    firm.ledger.book(firm.ledger.sent[0])
    (view,) = firm.later(hours=1)
    assert (view.state, view.vouchers[0].evidence) == ("COMPLETED", "found")
    assert firm.entry(entry).status is Status.TRANSFERRED


def test_a_final_look_that_fails_is_made_again(firm: Firm) -> None:
    firm.add()
    firm.ledger.looks = [None, None, LOST, LOST]
    view = firm.export()
    assert (view.state, view.next_look) == ("COMPLETED", firm.clock() + timedelta(minutes=1))
    (view,) = firm.later(minutes=1)
    assert view.next_look == firm.clock() + timedelta(minutes=2)
    firm.ledger.complete = False
    (view,) = firm.later(minutes=2)
    assert view.next_look == firm.clock() + timedelta(minutes=4)
    firm.ledger.complete = True
    (view,) = firm.later(minutes=4)
    assert view.next_look is None


def test_a_final_look_waits_for_a_connection_that_ran_out(firm: Firm) -> None:
    firm.add()
    firm.ledger.looks = [None, None, LOST]
    firm.export()
    (view,) = firm.later(days=31)
    assert view.next_look is not None
    assert (view.state, view.held_until) == ("COMPLETED", None)


def test_what_a_person_has_in_hand_is_left_alone(firm: Firm) -> None:
    firm.add(), firm.add(200)
    firm.ledger.script = [twice]
    firm.export()
    view = firm.status()
    assert (view.state, view.next_look) == ("NEEDS_HUMAN", None)
    looks = len(firm.ledger.found)
    assert firm.later(days=1) == ()
    assert len(firm.ledger.found) == looks


def test_a_double_that_lost_its_marker_is_seen_too(firm: Firm) -> None:
    entry = firm.add()

    def answer(ledger: Ledger, request: ExportRequest) -> Outcome:
        booked = books(ledger, request)
        ledger.book(request, comment="")
        return booked

    firm.ledger.script = [answer]
    assert firm.export().vouchers[0].found == ("I 1", "I 2")
    assert firm.entry(entry).status is Status.DOUBLE


def test_nothing_sent_nothing_looked_at(firm: Firm) -> None:
    firm.add()
    firm.ledger.looks = [RuntimeError("bug")]
    view = firm.export()
    assert (view.state, view.next_look, len(firm.ledger.found)) == ("STOPPED", None, 1)
