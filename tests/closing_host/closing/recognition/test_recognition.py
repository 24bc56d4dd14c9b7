from dataclasses import replace
from datetime import date

import pytest

from booked_entries import ledger, voucher
from closing_host.api.ledger import Ledger
from closing_host.api.vouchers import DraftRow, VoucherRecord
from closing_host.closing.entries import ClosingEntry, Status
from closing_host.closing.recognition import Look, Recognised, accepted, recognise, spelled_places, to_look_for
from made_entries import END, SALARIES, made_entry

SENT = made_entry(status=Status.TRANSFERRED, at=("I", "14"))
BY_FILE = made_entry(status=Status.TRANSFERRED, at=("", ""))
LESS = (DraftRow("7010", 1_100_000), DraftRow("2910", -1_100_000))
OTHER = voucher(made_entry(text="Annat"), "14", text="Hyra", rows=LESS, marked=False)
LATER = date(2026, 2, 15)


def one(
    entry: ClosingEntry, *vouchers: VoucherRecord, look: Look | None = None, as_of: date | None = None
) -> Recognised:
    (recognised,) = recognise([entry], ledger(vouchers), look, as_of=as_of)
    return recognised


def looked(entry: ClosingEntry, *found: VoucherRecord) -> Look:
    return Look({entry.id: found}, frozenset({entry.id}))


def codes(recognised: Recognised) -> list[str]:
    return [each.code for each in recognised.findings]


def test_a_voucher_as_sent_under_its_number_is_excluded() -> None:
    result = one(SENT, voucher(SENT, "14"))
    assert (result.status, result.seen, result.place, result.counts) == (Status.EXCLUDED, True, ("I", "14"), False)
    assert codes(result) == ["recognised-excluded"]
    assert result.moves


def test_the_order_of_rows_and_objects_and_the_text_mean_nothing() -> None:
    rows = (DraftRow("7010", 100, ((1, "10"), (6, "P"))), DraftRow("7010", 100), DraftRow("2910", -200))
    entry = made_entry(rows=rows, status=Status.TRANSFERRED, at=("I", "14"))
    turned = (DraftRow("2910", -200, text="x"), DraftRow("7010", 100), DraftRow("7010", 100, ((6, "P"), (1, "10"))))
    assert one(entry, voucher(entry, "14", rows=turned, text="Lön")).status is Status.EXCLUDED


@pytest.mark.parametrize(
    "rows",
    [
        (DraftRow("7010", 1_200_000, ((1, "10"),)), SALARIES[1]),
        (DraftRow("7011", 1_200_000), SALARIES[1]),
        LESS,
        (*SALARIES, *SALARIES),
    ],
    ids=["object", "account", "amount", "more rows"],
)
def test_other_rows_are_a_change_and_the_books_win(rows: tuple[DraftRow, ...]) -> None:
    result = one(SENT, voucher(SENT, "14", rows=rows))
    assert (result.status, result.counts, codes(result)) == (Status.CHANGED, False, ["recognised-changed"])


def test_the_difference_names_rows_date_and_text() -> None:
    result = one(SENT, voucher(SENT, "14", rows=LESS, day=date(2025, 12, 30), text="V1 Lön"))
    assert result.difference is not None
    assert result.difference.gone == SALARIES
    assert set(result.difference.added) == set(LESS)
    assert result.difference.dates == (END, date(2025, 12, 30))
    assert result.difference.texts == ("V1 Upplupna löner", "V1 Lön")


def test_another_date_alone_is_a_change() -> None:
    difference = one(SENT, voucher(SENT, "14", day=date(2025, 12, 30))).difference
    assert difference is not None
    assert (difference.gone, difference.added, difference.texts) == ((), (), None)


def test_struck_and_added_rows_do_not_count() -> None:
    books = ledger([voucher(SENT, "14")])
    struck = books.rows.with_columns(kind=books.rows["kind"].replace({"booked": "removed"}))
    (result,) = recognise([SENT], replace(books, rows=books.rows.vstack(struck.cast(books.rows.schema))))
    assert result.status is Status.EXCLUDED


def test_what_the_source_no_longer_has_is_missing_and_counts_again() -> None:
    for status in (Status.TRANSFERRED, Status.EXCLUDED, Status.CHANGED, Status.MISSING):
        entry = replace(SENT, status=status, seen=status in (Status.EXCLUDED, Status.CHANGED))
        result = one(entry, look=looked(entry))
        assert (result.status, result.seen, result.counts) == (Status.MISSING, False, True)
        assert codes(result) == ["recognised-missing"]


def test_nothing_is_called_missing_when_nobody_could_be_asked() -> None:
    for status in (Status.TRANSFERRED, Status.EXCLUDED, Status.CHANGED):
        entry = replace(SENT, status=status)
        for look in (None, Look(), Look({}, frozenset({2}))):
            result = one(entry, look=look)
            assert (result.outcome, result.status, result.counts) == ("open", Status.TRANSFERRED, True)
            assert result.told
    assert one(replace(SENT, status=Status.MISSING)).status is Status.MISSING


def test_what_was_missing_and_is_there_again_is_excluded() -> None:
    entry = replace(SENT, status=Status.MISSING)
    result = one(entry, voucher(entry, "14"))
    assert (result.status, codes(result)) == (Status.EXCLUDED, ["recognised-back"])


def test_what_was_changed_and_is_as_sent_again_is_excluded() -> None:
    entry = replace(SENT, status=Status.CHANGED, seen=True)
    assert one(entry, voucher(entry, "14")).status is Status.EXCLUDED


def test_a_new_number_is_adopted_by_the_marker() -> None:
    moved = voucher(SENT, "15", text="Lön")
    result = one(SENT, moved, OTHER, look=looked(SENT, moved))
    assert (result.status, result.place) == (Status.EXCLUDED, ("I", "15"))
    assert codes(result) == ["recognised-renumbered", "recognised-excluded"]


def test_a_renumbered_and_changed_voucher_is_changed_under_its_new_number() -> None:
    moved = voucher(SENT, "15", rows=LESS, text="Lön")
    result = one(SENT, moved, look=looked(SENT, moved))
    assert (result.status, result.place) == (Status.CHANGED, ("I", "15"))


def test_a_new_number_without_marker_is_adopted_by_label_date_and_rows() -> None:
    result = one(SENT, voucher(SENT, "15", marked=False), look=looked(SENT))
    assert (result.status, result.place) == (Status.EXCLUDED, ("I", "15"))


def test_two_vouchers_with_its_marker_are_double() -> None:
    twice = (voucher(SENT, "14"), voucher(SENT, "15"))
    result = one(SENT, *twice, look=looked(SENT, *twice))
    assert (result.status, result.seen, result.counts) == (Status.DOUBLE, True, False)
    assert result.findings[0].severity == "error"
    assert result.findings[0].parameters["vouchers"] == "I 14, I 15"


def test_a_double_that_the_books_do_not_show_yet_still_counts() -> None:
    twice = (voucher(SENT, "14"), voucher(SENT, "15"))
    result = one(SENT, look=looked(SENT, *twice))
    assert (result.status, result.seen, result.counts) == (Status.DOUBLE, False, True)


def test_a_double_of_which_one_is_left_is_settled_by_the_source() -> None:
    entry = replace(SENT, status=Status.DOUBLE, seen=True)
    left = voucher(entry, "15")
    assert one(entry, left, look=looked(entry, left)).status is Status.EXCLUDED


@pytest.mark.parametrize("shown", [True, False])
def test_a_double_stays_until_somebody_knows_more(shown: bool) -> None:
    entry = replace(SENT, status=Status.DOUBLE, seen=not shown)
    result = one(entry, *([voucher(entry, "14")] if shown else []))
    assert (result.status, result.seen, codes(result)) == (Status.DOUBLE, shown, ["recognised-undecided"])


def test_a_double_without_a_place_stays_when_the_source_finds_nothing() -> None:
    entry = made_entry(status=Status.DOUBLE)
    assert one(entry, look=looked(entry)).status is Status.DOUBLE


def test_what_a_person_accepted_is_not_double_again_until_there_is_one_more() -> None:
    twice = (voucher(SENT, "14"), voucher(SENT, "15"))
    entry = replace(SENT, status=Status.EXCLUDED, seen=True, reason=spelled_places([("I", "14"), ("I", "15")]))
    same = one(entry, *twice, look=looked(entry, *twice))
    assert (same.status, same.moves, same.told) == (Status.EXCLUDED, False, False)
    assert accepted(entry) == {("I", "14"), ("I", "15")}
    assert one(entry, *twice).told is False
    more = (*twice, voucher(entry, "16"))
    assert one(entry, *more, look=looked(entry, *more)).status is Status.DOUBLE


def test_another_voucher_under_its_number_is_for_a_person_to_decide() -> None:
    before = replace(SENT, status=Status.EXCLUDED, seen=True)
    result = one(before, OTHER, look=looked(before))
    assert (result.status, result.counts, codes(result)) == (Status.DOUBLE, False, ["recognised-unsure"])
    assert one(SENT, OTHER, look=looked(SENT)).counts


def test_another_voucher_that_a_person_accepted_stays_accepted() -> None:
    entry = replace(SENT, status=Status.EXCLUDED, seen=True, reason="I 14")
    result = one(entry, OTHER, look=looked(entry))
    assert (result.status, result.reason) == (Status.CHANGED, "I 14")
    assert entry.transferred is not None
    again = replace(entry, status=result.status, transferred=replace(entry.transferred, changed=True))
    assert not one(again, OTHER, look=looked(again)).moves


def test_a_reason_that_is_no_list_of_vouchers_accepts_nothing() -> None:
    assert accepted(replace(SENT, status=Status.EXCLUDED, reason="export-unsure")) == frozenset()
    assert accepted(replace(SENT, status=Status.DOUBLE, reason="I 14")) == frozenset()
    assert accepted(replace(SENT, status=Status.CHANGED, reason="14, BK 2, V1")) == {
        ("", "14"),
        ("BK", "2"),
        ("", "V1"),
    }


def test_another_voucher_under_its_number_changes_nothing_when_nobody_could_be_asked() -> None:
    for status in (Status.TRANSFERRED, Status.EXCLUDED):
        result = one(replace(SENT, status=status), OTHER, as_of=LATER)
        assert (result.status, result.moves, codes(result)) == (status, False, ["recognised-number-taken"])


def test_in_the_source_but_not_in_the_books_it_goes_on_counting() -> None:
    result = one(SENT, look=looked(SENT, voucher(SENT, "15")))
    assert (result.status, result.place, result.counts) == (Status.TRANSFERRED, ("I", "15"), True)


def test_what_went_by_file_is_recognised_by_label_date_and_rows() -> None:
    result = one(BY_FILE, voucher(BY_FILE, "7", "A", marked=False))
    assert (result.status, result.place) == (Status.EXCLUDED, ("A", "7"))


@pytest.mark.parametrize("text", ["Upplupna löner", "V11 Upplupna löner", "V1-2 Upplupna löner", "Upplupna V1 löner"])
def test_content_without_the_label_is_never_recognised(text: str) -> None:
    assert one(BY_FILE, voucher(BY_FILE, "7", text=text)).outcome == "open"


def test_a_marker_may_stand_before_the_label() -> None:
    text = f"{BY_FILE.marker[:8]} V1 Upplupna löner"
    assert one(BY_FILE, voucher(BY_FILE, "7", text=text)).status is Status.EXCLUDED


def test_a_file_read_in_twice_is_double() -> None:
    result = one(BY_FILE, voucher(BY_FILE, "7"), voucher(BY_FILE, "8"))
    assert (result.status, result.place, result.counts) == (Status.DOUBLE, ("I", "7"), False)


def test_what_went_by_file_and_was_changed_is_known_by_its_whole_text() -> None:
    long = made_entry(text="x" * 60, status=Status.TRANSFERRED, at=("", ""))
    assert one(BY_FILE, voucher(BY_FILE, "7", rows=LESS)).status is Status.CHANGED
    assert one(long, voucher(long, "7", rows=LESS, text=long.draft.text[:50])).status is Status.CHANGED
    assert one(BY_FILE, voucher(BY_FILE, "7", rows=LESS, text="V1 Annat")).outcome == "open"


def test_a_newer_file_without_the_voucher_says_that_it_is_missing() -> None:
    sent_on = date(2026, 2, 14)
    assert one(BY_FILE, as_of=LATER).status is Status.MISSING
    assert one(BY_FILE, as_of=sent_on).outcome == "open"


def test_a_file_that_ends_before_the_entry_says_nothing() -> None:
    books = replace(ledger([OTHER]), covered_until=date(2025, 12, 30))
    assert recognise([BY_FILE], books, as_of=LATER)[0].outcome == "open"
    assert recognise([BY_FILE], replace(books, covered_until=END), as_of=LATER)[0].outcome == "missing"


def test_a_file_without_vouchers_says_nothing_of_any_entry() -> None:
    books = figures_only(ledger([]))
    for status in (Status.EXCLUDED, Status.TRANSFERRED, Status.CHANGED):
        (result,) = recognise([replace(SENT, status=status)], books, as_of=LATER)
        assert (result.outcome, result.moves) == ("untouched", False)


def figures_only(books: Ledger) -> Ledger:
    return replace(books, provenance=replace(books.provenance, format="SIE 1"))


def test_one_voucher_is_taken_by_one_entry_only() -> None:
    first = made_entry(status=Status.TRANSFERRED, at=("I", "14"))
    second = made_entry(id=2, status=Status.TRANSFERRED, at=("", ""))
    both = recognise([second, first], ledger([voucher(first, "14")]))
    assert [each.status for each in both] == [Status.TRANSFERRED, Status.EXCLUDED]


def test_a_voucher_that_is_one_entrys_by_number_is_not_anothers_by_marker() -> None:
    first = made_entry(status=Status.TRANSFERRED, at=("I", "14"))
    second = made_entry(id=2, number=2, status=Status.TRANSFERRED, at=("I", "15"))
    booked = voucher(first, "14")
    both = recognise([first, second], ledger([booked]), Look({2: (booked,)}, frozenset({2})))
    assert [(each.outcome, each.counts) for each in both] == [("excluded", False), ("in-source", True)]


def test_two_equal_vouchers_belong_to_two_equal_entries() -> None:
    first = made_entry(status=Status.TRANSFERRED, at=("I", "14"))
    second = made_entry(id=2, number=2, status=Status.TRANSFERRED, at=("I", "15"))
    books = ledger([voucher(first, "14", text="Lön"), voucher(second, "15", text="Lön")])
    assert [each.place for each in recognise([first, second], books)] == [("I", "14"), ("I", "15")]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.READY, Status.FAILED, Status.NOT_FOR_TRANSFER, Status.DELETED])
def test_what_was_never_sent_is_recognised_by_its_marker_only(status: Status) -> None:
    entry = made_entry(status=status)
    booked = voucher(entry, "14")
    alike = one(entry, booked)
    assert (alike.status, alike.moves, codes(alike)) == (status, False, ["recognised-lookalike"])
    found = one(entry, booked, look=looked(entry, booked))
    assert (found.status, found.place, codes(found)) == (Status.EXCLUDED, ("I", "14"), ["recognised-after-all"])
    assert one(entry, look=looked(entry, booked)).outcome == "untouched"


def test_a_lost_answer_is_recognised_by_label_date_and_rows() -> None:
    entry = made_entry(status=Status.UNKNOWN)
    assert one(entry, voucher(entry, "14")).status is Status.EXCLUDED
    assert one(entry, voucher(entry, "14", rows=LESS)).outcome == "untouched"


def test_a_lost_answer_is_not_recognised_by_its_text_when_the_source_can_tell_markers() -> None:
    entry = made_entry(status=Status.UNKNOWN)
    asked = Look({}, frozenset({entry.id}))
    assert one(entry, voucher(entry, "14"), look=asked).outcome == "untouched"


def test_what_is_being_sent_is_left_alone() -> None:
    entry = made_entry(status=Status.SENDING)
    assert one(entry, voucher(entry, "14"), look=looked(entry, voucher(entry, "14"))).outcome == "untouched"


def test_only_what_the_books_do_not_settle_is_looked_for() -> None:
    as_sent = made_entry(id=1, status=Status.EXCLUDED, at=("I", "1"))
    gone = made_entry(id=2, number=2, status=Status.TRANSFERRED, at=("I", "2"))
    changed = made_entry(id=3, number=3, status=Status.CHANGED, at=("J", "3"))
    double = made_entry(id=4, number=4, status=Status.DOUBLE, at=("I", "4"))
    by_file = made_entry(id=5, number=5, status=Status.TRANSFERRED, at=("", ""))
    ready = made_entry(id=6, number=6)
    forgotten = made_entry(id=7, number=7)
    books = ledger(
        [
            voucher(as_sent, "1"),
            voucher(changed, "3", "J", rows=LESS),
            voucher(double, "4"),
            voucher(by_file, "5"),
            voucher(forgotten, "9", "K", rows=LESS),
        ]
    )
    entries = [as_sent, gone, changed, double, by_file, ready, forgotten]
    assert to_look_for(entries, books) == {2: {"I"}, 3: {"J"}, 4: {"I"}, 7: {"K"}}


def test_a_second_voucher_like_one_that_is_as_sent_is_looked_for_and_told() -> None:
    entry = made_entry(status=Status.EXCLUDED, at=("I", "14"), seen=True)
    books = ledger([voucher(entry, "14"), voucher(entry, "20")])
    assert to_look_for([entry], books) == {1: {"I"}}
    (result,) = recognise([entry], books)
    assert (result.status, result.moves, result.told) == (Status.EXCLUDED, False, True)
    assert codes(result) == ["recognised-excluded", "recognised-lookalike"]


def test_an_earlier_sending_that_turns_up_beside_a_later_one_is_double() -> None:
    entry = made_entry(send=2, status=Status.EXCLUDED, at=("I", "15"), seen=True)
    late, sent = voucher(made_entry(), "14"), voucher(entry, "15")
    assert to_look_for([entry], ledger([late, sent])) == {1: {"I"}}
    assert one(entry, late, sent, look=looked(entry, late, sent)).status is Status.DOUBLE
    ready = made_entry(send=2)
    assert codes(one(ready, late)) == ["recognised-lookalike"]


def test_a_changed_voucher_found_changed_on_confirmation_is_noted_as_sent_when_it_is() -> None:
    assert SENT.transferred is not None
    entry = replace(SENT, status=Status.EXCLUDED, seen=True, transferred=replace(SENT.transferred, changed=True))
    assert one(entry, voucher(entry, "14")).moves
