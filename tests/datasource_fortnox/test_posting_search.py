"""Looking for vouchers: what is found, and when a look proves an absence."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from closing_host.api.errors import ClosingError, Expired, PermissionMissing, RateLimited, SourceUnavailable
from closing_host.api.vouchers import Booked, VoucherRecord
from fortnox_harness import WHOLE, Fortnox
from fortnox_posting import EXPORT_SCOPES, MARKER, SALARIES, YEAR, Office, office

pytestmark = pytest.mark.anyio

OTHER = "BK2222222222222222"
ABSENT = frozenset({"BK7777777777777777"})
ROWS = [{"account": 1930, "amount": 100}, {"account": 6110, "amount": -100}]


@pytest.fixture
async def made(fortnox: Fortnox) -> AsyncIterator[Office]:
    async with office(fortnox, in_process=True) as found:
        yield found


async def booked(made: Office, marker: str = MARKER) -> VoucherRecord:
    answer = await made.send(replace(SALARIES, marker=marker))
    assert isinstance(answer, Booked)
    made.fortnox.world.log.clear()
    return answer.voucher


def add(made: Office, series: str = "A", **fields: Any) -> None:
    voucher = {"series": series, "date": "2025-12-30", "rows": ROWS, "text": "Hyra"}
    made.fortnox.edit("add_voucher", tenant=WHOLE, **(voucher | fields))


def numbers(found: tuple[VoucherRecord, ...]) -> list[str]:
    return [each.number for each in found]


async def test_a_voucher_is_found_by_its_marker_as_it_was_stated_when_it_was_booked(made: Office) -> None:
    record = await booked(made)
    found = await made.find(markers=frozenset({MARKER}))
    assert found.vouchers == (record,)
    assert (found.total, found.complete) == (78, True)
    assert made.fortnox.calls() == ["GET /3/vouchers", "GET /3/vouchers/A/78"]
    assert all("financialyear=3" in each.query for each in made.fortnox.world.log.entries)


async def test_every_asked_voucher_is_found_by_marker_number_and_high_water_mark(made: Office) -> None:
    await booked(made)
    add(made)
    await booked(made, OTHER)
    assert numbers((await made.find(markers=frozenset({OTHER}))).vouchers) == ["80"]
    assert numbers((await made.find(numbers=frozenset({"1", "79", "x", "²"}))).vouchers) == ["1", "79"]
    assert numbers((await made.find(above=78)).vouchers) == ["79", "80"]
    assert numbers((await made.find(markers=frozenset({MARKER}), above=79, numbers=frozenset({"2"}))).vouchers) == [
        "2",
        "78",
        "80",
    ]
    assert (await made.find(above=80)).vouchers == ()


async def test_both_vouchers_of_a_double_are_found(made: Office) -> None:
    made.fortnox.fail("N24", method="POST")
    await booked(made)
    assert numbers((await made.find(markers=frozenset({MARKER}))).vouchers) == ["78", "79"]


async def test_an_absence_is_proven_by_the_whole_series_and_nothing_else(made: Office) -> None:
    found = await made.find(markers=ABSENT)
    assert (found.vouchers, found.total, found.complete) == ((), 77, True)
    empty = await made.find("I", markers=ABSENT)
    assert (empty.vouchers, empty.total, empty.complete) == ((), 0, True)
    assert (await made.find("GONE", markers=ABSENT)).total == 0


async def test_other_series_and_years_are_left_out(made: Office) -> None:
    add(made, "I", comments=MARKER)
    add(made, comments=MARKER, date="2026-01-02")
    assert (await made.find(markers=frozenset({MARKER}))).vouchers == ()
    assert len((await made.find("I", markers=frozenset({MARKER}))).vouchers) == 1


@pytest.mark.parametrize("over", [1, 7])
async def test_a_filtered_total_that_is_too_high_is_settled_by_the_whole_year(made: Office, over: int) -> None:
    made.fortnox.world.change_switches({"total_over_report": over})
    await booked(made)
    found = await made.find(markers=frozenset({MARKER}))
    assert (numbers(found.vouchers), found.total, found.complete) == (["78"], 78, True)


@pytest.mark.parametrize("fault", ["lose_last_item", "repeat_first_page"])
async def test_a_list_that_lies_proves_nothing(made: Office, fault: str) -> None:
    made.fortnox.fail(fault, path="/3/vouchers")
    assert not (await made.find(markers=ABSENT)).complete


async def test_a_list_that_lies_once_is_read_again(made: Office) -> None:
    made.fortnox.fail("lose_last_item", path="/3/vouchers", nth=1)
    found = await made.find(markers=ABSENT)
    assert (found.total, found.complete) == (77, True)


async def test_many_pages_are_read_to_the_end_although_somebody_books_in_between(made: Office) -> None:
    for _ in range(1200):
        add(made, "I")
    made.fortnox.world.faults.load(
        {
            "plan": [
                {
                    "at": {"after_request": "GET /3/vouchers#2"},
                    "ledger": {
                        "op": "add_voucher",
                        "tenant": WHOLE,
                        "series": "I",
                        "date": "2025-12-30",
                        "rows": ROWS,
                        "comments": MARKER,
                    },
                }
            ]
        }
    )
    found = await made.find("I", markers=frozenset({MARKER}))
    assert (numbers(found.vouchers), found.total, found.complete) == (["1201"], 1201, True)


async def test_a_voucher_that_is_younger_than_the_list_is_found_and_the_list_called_incomplete(made: Office) -> None:
    made.fortnox.world.change_switches({"list_lag_s": 600.0})
    await booked(made)
    asked_for: tuple[dict[str, Any], ...] = ({"markers": frozenset({MARKER})}, {"numbers": frozenset({"78", "79"})})
    for asked in asked_for:
        found = await made.find(**asked)
        assert (numbers(found.vouchers), found.total, found.complete) == (["78"], 77, False)
    assert not (await made.find(markers=ABSENT)).complete
    made.fortnox.world.clock.advance(600)
    found = await made.find(markers=frozenset({MARKER}))
    assert (numbers(found.vouchers), found.total, found.complete) == (["78"], 78, True)


async def test_numbers_beyond_the_list_are_asked_for_only_while_a_marker_is_missing_and_never_many(
    made: Office,
) -> None:
    await booked(made)
    made.fortnox.world.companies[WHOLE].years[3].series["A"].next_number = 5_000
    await made.find(markers=frozenset({MARKER}))
    assert made.fortnox.calls() == ["GET /3/vouchers", "GET /3/vouchers/A/78"]
    made.fortnox.world.log.clear()
    assert (await made.find(markers=ABSENT)).complete
    beyond = [f"GET /3/vouchers/A/{number}" for number in range(4_980, 5_000)]
    assert made.fortnox.calls() == ["GET /3/vouchers", "GET /3/voucherseries/A", *beyond]


@pytest.mark.parametrize("hidden", [True, False])
async def test_a_series_that_counts_no_further_is_its_list(made: Office, hidden: bool) -> None:
    await booked(made)
    if hidden:
        made.fortnox.world.change_switches({"next_number_visible": False})
    else:
        made.fortnox.edit("remove_series", tenant=WHOLE, series="A")
    found = await made.find(markers=ABSENT | {MARKER})
    assert (numbers(found.vouchers), found.total, found.complete) == (["78"], 78, True)


async def test_the_calls_follow_the_formula_of_the_documentation(made: Office) -> None:
    for number in range(1, 1_101):
        add(made, "I", number=number)
    await made.send(replace(SALARIES, marker=MARKER), "I")
    vouchers = made.fortnox.world.companies[WHOLE].years[3].vouchers
    of_the_series, of_the_year = 3, -(-len(vouchers) // 500)
    asked: tuple[tuple[dict[str, Any], int], ...] = (
        ({"markers": frozenset({MARKER})}, of_the_series + 1),
        ({"markers": frozenset({MARKER}) | ABSENT}, of_the_series + 1 + 1),
        ({"markers": ABSENT}, of_the_series + 1),
        ({"numbers": frozenset({"1", "7", "2000"})}, of_the_series + 2 + 1),
        ({"above": 1_100}, of_the_series + 1),
    )
    for over, pages_more in ((0, 0), (1, of_the_series + of_the_year)):
        made.fortnox.world.change_switches({"total_over_report": over})
        for request, calls in asked:
            made.fortnox.world.log.clear()
            assert (await made.find("I", **request)).complete
            assert len(made.fortnox.calls()) == calls + pages_more


async def test_lists_without_comments_are_made_up_for_by_reading_each_voucher_made_by_hand(made: Office) -> None:
    made.fortnox.world.change_switches({"comments_in_voucher_list": False})
    await booked(made)
    found = await made.find(markers=frozenset({MARKER}))
    assert (numbers(found.vouchers), found.complete) == (["78"], True)
    by_hand = [
        voucher.number
        for (series, _), voucher in made.fortnox.world.companies[WHOLE].years[3].vouchers.items()
        if series == "A" and voucher.reference_type == "MANUAL"
    ]
    assert len(made.fortnox.calls()) == 1 + 1 + len(by_hand)
    assert made.context.stages[-1] == ("look", len(by_hand) - 1, len(by_hand))
    made.fortnox.world.log.clear()
    await made.find(numbers=frozenset({"5"}))
    assert len(made.fortnox.calls()) == 2


async def test_the_marker_is_recognised_in_the_text_alone_and_stated_as_the_comment(fortnox: Fortnox) -> None:
    async with office(fortnox, in_process=True, marker_in_text=True) as made:
        await booked(made)
        made.fortnox.edit("edit_voucher", tenant=WHOLE, year=3, series="A", number=78, comments="kollad av Åsa")
    async with office(fortnox, in_process=True) as made:
        (found,) = (await made.find(markers=frozenset({MARKER, OTHER}))).vouchers
        assert (found.comment, found.text) == (f"{MARKER} kollad av Åsa", "BKABCDEF V1 Upplupna löner")
        made.fortnox.edit("edit_voucher", tenant=WHOLE, year=3, series="A", number=78, text="BKABCDEFG")
        assert (await made.find(markers=frozenset({MARKER}))).vouchers == ()


async def test_a_marker_that_was_edited_out_or_moved_is_told_as_it_stands(made: Office) -> None:
    await booked(made)
    made.fortnox.edit("renumber_voucher", tenant=WHOLE, year=3, series="A", number=78, to_number=90)
    assert numbers((await made.find(markers=frozenset({MARKER}))).vouchers) == ["90"]
    made.fortnox.edit("edit_voucher", tenant=WHOLE, year=3, series="A", number=90, comments=f"se {MARKER} ovan")
    assert numbers((await made.find(markers=frozenset({MARKER}))).vouchers) == ["90"]
    made.fortnox.edit("edit_voucher", tenant=WHOLE, year=3, series="A", number=90, comments="")
    assert (await made.find(markers=frozenset({MARKER}))).vouchers == ()
    assert numbers((await made.find(numbers=frozenset({"90"}))).vouchers) == ["90"]


@pytest.mark.parametrize(
    "edit",
    [
        {"op": "delete_voucher", "year": 3, "series": "A", "number": 78},
        {"op": "edit_voucher", "year": 3, "series": "A", "number": 78, "comments": ""},
    ],
    ids=["deleted", "marker taken away"],
)
async def test_a_voucher_that_changes_between_list_and_look_proves_nothing(made: Office, edit: dict[str, Any]) -> None:
    await booked(made)
    script = {"at": {"after_request": "GET /3/vouchers#1"}, "ledger": {"tenant": WHOLE, **edit}}
    made.fortnox.world.faults.load({"plan": [script]})
    found = await made.find(markers=frozenset({MARKER}))
    assert (found.vouchers, found.complete) == ((), False)


async def test_struck_rows_are_left_out_and_added_ones_stated(made: Office) -> None:
    await booked(made)
    made.fortnox.edit(
        "correct_voucher",
        tenant=WHOLE,
        year=3,
        series="A",
        number=78,
        strike=[0],
        add=[{"account": 7210, "amount": 1_200_010}],
    )
    (found,) = (await made.find(markers=frozenset({MARKER}))).vouchers
    assert [(row.account, row.amount) for row in found.rows] == [("2910", -1_200_010), ("7210", 1_200_010)]


@pytest.mark.parametrize(
    ("fault", "path", "raised"),
    [
        ("N22", "/3/vouchers", Expired),
        ("N21", "/3/vouchers", RateLimited),
        ("N18", "/3/vouchers", SourceUnavailable),
        ("N20", "/3/vouchers", SourceUnavailable),
        ("N10", "/3/vouchers", SourceUnavailable),
        ("licence", "/3/vouchers", PermissionMissing),
        ("N20", "/3/vouchers/A/78", SourceUnavailable),
        ("N12", "/3/vouchers/A/78", SourceUnavailable),
    ],
)
async def test_a_look_that_fails_raises(made: Office, fault: str, path: str, raised: type[ClosingError]) -> None:
    await booked(made)
    made.fortnox.fail(fault, path=path)
    with pytest.raises(raised) as caught:
        await made.find(markers=frozenset({MARKER}))
    if isinstance(caught.value, PermissionMissing):
        assert caught.value.operation == "export"


async def test_a_year_of_other_books_is_looked_up(made: Office) -> None:
    await booked(made)
    assert len((await made.find(year=replace(YEAR, id=""), markers=frozenset({MARKER}))).vouchers) == 1


async def test_the_scope_is_the_exports(fortnox: Fortnox) -> None:
    async with office(fortnox, in_process=True, scopes=EXPORT_SCOPES - {"bookkeeping"}) as made:
        with pytest.raises(PermissionMissing) as raised:
            await made.find(markers=ABSENT)
    assert raised.value.operation == "export"
