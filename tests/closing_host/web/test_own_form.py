"""The form of an own attachment: typed amounts, rows that come and go, nothing lost while it is wrong."""

from datetime import UTC, date, datetime

import pytest
from starlette.datastructures import FormData

from closing_host.api.errors import DataError
from closing_host.closing.schedule import Schedule, ScheduleRow
from closing_host.locale import Language, Words
from closing_host.storage.own_attachments import OwnAttachment
from closing_host.web.own_form import MOST_ROWS, form_of, new_form, sent_form


def sent(*rows: tuple[str, str], account: str = "1790", **fields: str) -> FormData:
    pairs = [pair for text, amount in rows for pair in (("text", text), ("amount", amount))]
    return FormData([*pairs, *fields.items()])


def test_amounts_are_read_as_people_type_them_and_empty_rows_left_out() -> None:
    form = sent_form(sent((" Hyra jan ", "12\u00a0500,50"), ("", ""), ("Retur", "\u2212100.5")), "1790")
    assert form.rows() == (ScheduleRow("Hyra jan", 1_250_050), ScheduleRow("Retur", -10_050))
    assert (form.total(), form.signed()) == (1_240_000, 1_240_000)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_is_kept_comes_back_as_it_was_in_both_languages(language: Language) -> None:
    rows = (ScheduleRow("Hyra", 123_456_789), ScheduleRow("Retur", -5))
    schedule = Schedule("2990", date(2025, 12, 31), rows, "credit", "Titel", "Rad 1\nRad 2", "none")
    now = datetime(2026, 2, 1, tzinfo=UTC)
    own = OwnAttachment(1, 1, date(2025, 1, 1), 1, 4, "active", schedule, now, "asa", now, "asa")
    form = form_of(own, Words(language))
    assert (form.rows(), form.signed(), form.basis, form.as_at) == (rows, schedule.reconciled, 4, "2025-12-31")


def test_an_amount_that_cannot_be_read_is_told_with_its_row_and_stays_in_the_form() -> None:
    form = sent_form(sent(("Hyra", "1,00"), ("", ""), ("Ränta", "1,005")), "1790")
    with pytest.raises(DataError) as raised:
        form.rows()
    assert (raised.value.code, raised.value.parameters) == ("own-row-amount", {"row": 3, "text": "1,005"})
    assert form.lines[2] == ("Ränta", "1,005")
    assert form.total() == 100


def test_a_text_without_amount_is_no_row() -> None:
    with pytest.raises(DataError):
        sent_form(sent(("Hyra", " ")), "1790").rows()


def test_rows_are_added_and_removed_by_their_buttons() -> None:
    form = sent_form(sent(("a", "1"), ("b", "2"), ("c", "3")), "1790")
    assert form.acted("remove:1").lines == (("a", "1"), ("c", "3"))
    assert form.acted("add").lines == (*form.lines, ("", ""))
    for nothing in ("remove:3", "remove:x", "remove:-1", "", "save"):
        assert form.acted(nothing) == form


def test_no_more_rows_than_are_edited_one_by_one() -> None:
    form = sent_form(sent(*((str(n), "1") for n in range(MOST_ROWS + 5))), "1790")
    assert len(form.lines) == MOST_ROWS
    assert form.acted("add") == form


def test_liabilities_stand_in_credit_unless_the_user_says_otherwise() -> None:
    assert new_form("2990").standing == "credit"
    assert sent_form(sent(("a", "5"), account="2990"), "2990").signed() == -500
    assert sent_form(sent(("a", "5"), standing="debit"), "2990").signed() == 500


def test_choices_that_there_are_not_fall_back() -> None:
    form = sent_form(sent(("a", "5"), standing="sideways", copying="<b>", basis="-1"), "1790")
    assert (form.standing, form.copying, form.basis) == ("debit", "with_data", 0)
