from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing_host.api.errors import DataError
from closing_host.closing import standing
from closing_host.closing.standing import UNTOUCHED, AccountRecord, Figures, Moved, Review, SignOff, Standing

AT = datetime(2026, 2, 1, tzinfo=UTC)


def signed(figures: Figures, **more: object) -> AccountRecord:
    return replace(UNTOUCHED, signed=SignOff("eva", AT, "f00d", figures.closing, figures.reconciled), **more)  # type: ignore[arg-type]


def test_the_difference_is_the_ledgers_sign_and_none_without_a_reconciled_amount() -> None:
    assert Figures(-7_450_000, -7_400_000).difference == -50_000
    assert Figures(100, None).difference is None
    assert Figures(100, 0).difference == 100


def test_attachments_take_the_place_of_what_was_typed() -> None:
    record = AccountRecord(typed=5)
    assert standing.figures_of(10, record, None) == Figures(10, 5)
    assert standing.figures_of(10, record, 7) == Figures(10, 7, attached=True)
    with pytest.raises(DataError, match="reconciled-by-attachment"):
        standing.check_typed("1930", Figures(10, 7, attached=True))


@pytest.mark.parametrize(
    ("record", "figures", "expected"),
    [
        (UNTOUCHED, Figures(10), Standing.NOT_STARTED),
        (AccountRecord(typed=0), Figures(10, 0), Standing.STARTED),
        (AccountRecord(comment="asked the bank"), Figures(10), Standing.STARTED),
        (UNTOUCHED, Figures(10, 10, attached=True), Standing.STARTED),
        (signed(Figures(10, 10)), Figures(10, 10), Standing.DONE),
        (signed(Figures(10, 10)), Figures(11, 10), Standing.CHANGED),
        (signed(Figures(10, 10)), Figures(10, 11, attached=True), Standing.CHANGED),
        (signed(Figures(10, 10)), Figures(10), Standing.CHANGED),
    ],
)
def test_the_status_follows_from_what_was_done_and_what_the_books_say(
    record: AccountRecord, figures: Figures, expected: Standing
) -> None:
    assert standing.standing_of(record, figures) is expected


def test_what_changed_after_the_sign_off_shows_old_and_new() -> None:
    record = signed(Figures(10, 10))
    assert standing.moved(record, Figures(11, None)) == (Moved("closing", 10, 11), Moved("reconciled", 10, None))


@pytest.mark.parametrize(
    ("figures", "wanted"),
    [(Figures(10, 10), False), (Figures(10, 9), True), (Figures(10), True), (Figures(0), False), (Figures(0, 1), True)],
)
def test_a_comment_is_wanted_for_a_difference_and_for_a_balance_that_nothing_reconciles(
    figures: Figures, wanted: bool
) -> None:
    assert standing.wants_comment(figures) is wanted
    if wanted:
        with pytest.raises(DataError, match="sign-off-wants-comment"):
            standing.check_sign_off("1930", AccountRecord(comment=" "), figures)
    standing.check_sign_off("1930", AccountRecord(comment="rounding"), figures)


def test_a_review_holds_only_while_the_account_is_done() -> None:
    record = signed(Figures(10, 10), review=Review.APPROVED)
    assert standing.review_of(record, Figures(10, 10)) is Review.APPROVED
    assert standing.review_of(record, Figures(11, 10)) is Review.NOT_REVIEWED


def test_only_what_is_done_is_reviewed_and_by_another_when_the_setting_says_so() -> None:
    done, figures = signed(Figures(10, 10)), Figures(10, 10)
    standing.check_review("1930", done, figures, "eva", others_only=False)
    standing.check_review("1930", done, figures, "bo", others_only=True)
    with pytest.raises(DataError, match="review-by-the-same"):
        standing.check_review("1930", done, figures, "eva", others_only=True)
    with pytest.raises(DataError, match="review-not-done"):
        standing.check_review("1930", done, Figures(11, 10), "bo", others_only=True)


def test_comments_have_a_limit() -> None:
    standing.check_comment("1930", "x" * standing.LONGEST_COMMENT)
    with pytest.raises(DataError, match="comment-too-long"):
        standing.check_comment("1930", "x" * (standing.LONGEST_COMMENT + 1))


@given(st.integers(), st.none() | st.integers(), st.integers(), st.none() | st.integers())
def test_a_signed_off_figure_never_changes_silently(closing: int, ra: int | None, now: int, ra_now: int | None) -> None:
    record, figures = signed(Figures(closing, ra)), Figures(now, ra_now)
    unchanged = (closing, ra) == (now, ra_now)
    assert (standing.standing_of(record, figures) is Standing.DONE) == unchanged
    assert (standing.moved(record, figures) == ()) == unchanged
