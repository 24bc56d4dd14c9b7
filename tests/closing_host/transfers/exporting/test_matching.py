"""Which voucher of the source is the one that was sent: by marker, then word for word (B8, B17, B18)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing_host.api.vouchers import DraftRow, VoucherDraft, VoucherRecord
from closing_host.transfers.exporting.matching import Window, carries, difference, everywhere, match

MARKER, OLD, STRANGE = "BK" + "A" * 16, "BK" + "B" * 16, "BK" + "C" * 16
ROWS = (DraftRow("7010", 100, ((1, "N"), (6, "P"))), DraftRow("2910", -100))
DRAFT = VoucherDraft(MARKER, date(2025, 12, 31), "V1 Löner", ROWS)
RECORD = VoucherRecord("I", "14", date(2025, 1, 1), date(2025, 12, 31), "V1 Löner", ROWS, MARKER)
BARE = replace(RECORD, comment="")
WINDOW = Window("I", 13)


def kind(*records: VoucherRecord, window: Window = WINDOW, markers: tuple[str, ...] = (MARKER,)) -> str:
    return match(DRAFT, markers, records, window).kind


def test_the_marker_is_the_identity_whatever_else_is_equal() -> None:
    assert kind(RECORD) == "same"
    assert kind(replace(RECORD, comment=STRANGE)) == "absent"
    assert kind(replace(RECORD, text="annat"), replace(RECORD, number="15", comment=STRANGE)) == "same"


def test_every_marker_that_the_entry_ever_had_counts() -> None:
    old = replace(RECORD, comment=OLD)
    assert kind(old) == "absent"
    assert kind(old, markers=(OLD, MARKER)) == "same"
    assert kind(old, replace(RECORD, number="15"), markers=(OLD, MARKER)) == "several"


@pytest.mark.parametrize(
    ("record", "carried"),
    [
        (RECORD, True),
        (replace(RECORD, comment=f"sent as {MARKER} by us"), True),
        (replace(BARE, text=f"V1 {MARKER}"), True),
        (replace(BARE, text=f"{MARKER[:8]} V1 Löner"), True),
        (replace(BARE, text=f"V1 {MARKER[:8]}"), False),
        (replace(BARE, text=MARKER[:8]), False),
        (BARE, False),
    ],
)
def test_a_marker_stands_in_the_comment_or_the_text(record: VoucherRecord, carried: bool) -> None:
    assert carries(record, MARKER) is carried


@pytest.mark.parametrize(
    "changed",
    [
        {"date": date(2025, 12, 30)},
        {"rows": ROWS[:1]},
        {"rows": (*ROWS, DraftRow("7010", 1))},
        {"rows": (replace(ROWS[0], amount=99), ROWS[1])},
        {"rows": (replace(ROWS[0], objects=((1, "N"),)), ROWS[1])},
        {"rows": (replace(ROWS[0], account="7011"), ROWS[1])},
    ],
)
def test_a_marked_voucher_with_other_lines_is_ours_and_different(changed: dict[str, object]) -> None:
    record = replace(RECORD, **changed)  # type: ignore[arg-type]
    assert kind(record) == "different"
    assert difference(DRAFT, record) is not None


def test_order_of_rows_and_objects_texts_and_number_are_no_difference() -> None:
    turned = (ROWS[1], replace(ROWS[0], objects=((6, "P"), (1, "N")), text="rad"))
    assert kind(replace(RECORD, rows=turned, text="V1 annan text", number="99")) == "same"


def test_a_difference_says_what_is_missing_and_what_is_there_instead() -> None:
    record = replace(RECORD, date=date(2026, 1, 1), rows=(replace(ROWS[0], amount=90), ROWS[1]))
    assert difference(DRAFT, record) == {
        "date": ["2025-12-31", "2026-01-01"],
        "missing": [["7010", 100, [[1, "N"], [6, "P"]]]],
        "added": [["7010", 90, [[1, "N"], [6, "P"]]]],
    }


def test_two_with_the_marker_are_several_and_the_same_read_twice_is_one() -> None:
    assert kind(RECORD, replace(RECORD, number="15")) == "several"
    assert kind(RECORD, RECORD) == "same"


# --- the marker was stripped (B18)


def test_without_marker_only_word_for_word_decides() -> None:
    found = match(DRAFT, (MARKER,), [BARE], WINDOW)
    assert (found.kind, found.by_marker) == ("same", False)
    assert kind(replace(BARE, text="annan")) == "unsure"
    assert kind(replace(BARE, date=date(2025, 12, 30))) == "unsure"
    assert kind(replace(BARE, text="annan", date=date(2025, 12, 30))) == "absent"
    assert kind(BARE, replace(BARE, number="15")) == "unsure"
    assert kind(BARE, replace(BARE, number="15", text="annan")) == "unsure"


def test_what_was_there_before_or_is_another_entrys_is_never_taken() -> None:
    assert kind(replace(BARE, number="13")) == "absent"
    assert kind(BARE, window=Window("I", 13, {("I", "14")})) == "absent"
    assert kind(replace(BARE, series="A")) == "absent"
    assert kind(replace(BARE, comment=f"x {STRANGE}")) == "absent"
    assert kind(replace(BARE, text=f"{STRANGE} V1 Löner")) == "absent"
    assert kind(replace(BARE, number="x")) == "same"  # a number that is none says nothing of before and after


def test_a_double_that_lost_its_marker_is_seen_beside_the_one_that_has_it() -> None:
    records = [RECORD, replace(BARE, number="15"), replace(BARE, number="16", text="annan"), replace(BARE, number="9")]
    assert [each.number for each in everywhere(DRAFT, (MARKER,), records, WINDOW)] == ["14", "15"]


ROWS_OF = st.lists(
    st.builds(DraftRow, st.sampled_from(["1510", "3010", "7010"]), st.integers(-3, 3), st.just(())), max_size=5
)


@given(ROWS_OF, ROWS_OF)
def test_a_difference_adds_up(sent: list[DraftRow], found: list[DraftRow]) -> None:
    told = difference(replace(DRAFT, rows=tuple(sent)), replace(RECORD, rows=tuple(found)))
    counted = sorted((row.account, row.amount) for row in sent) == sorted((row.account, row.amount) for row in found)
    assert (told is None) is counted
    if told is not None:
        assert sum(each[1] for each in told["added"]) - sum(each[1] for each in told["missing"]) == (
            sum(row.amount for row in found) - sum(row.amount for row in sent)
        )
