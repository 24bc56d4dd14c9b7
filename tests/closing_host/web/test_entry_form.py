from datetime import date

import pytest

from closing_host.api.errors import DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, EntryContent, Origin
from closing_host.closing.entry_rules import Chart
from closing_host.locale import Words
from closing_host.web.entry_form import TypedEntry, origin_of, read, typed_day, typed_in, typed_of

CHART = Chart(
    date(2025, 1, 1),
    date(2025, 12, 31),
    {"7010": "Löner", "2910": "Upplupna löner"},
    frozenset({(1, "N"), (6, "P;1"), (6, "P2")}),
)


def form(**fields: str) -> TypedEntry:
    return typed_in({name.replace("_", "-"): value for name, value in fields.items()}, (1, 6))


WHOLE = {
    "text": "Upplupna löner",
    "account_1": "7010 Löner",
    "debit_1": "12 000,50",
    "object_1_1": "N",
    "account_3": "2910",
    "credit_3": "12,000.50",
    "row_text_3": "December",
}


def test_a_whole_form_is_an_entry_of_the_year_end() -> None:
    now = read(form(**WHOLE), CHART)
    rows = (DraftRow("7010", 1_200_050, ((1, "N"),)), DraftRow("2910", -1_200_050, (), "December"))
    assert now.content == EntryContent(date(2025, 12, 31), "Upplupna löner", rows, YEAR_END)
    assert (now.found, now.debit, now.credit) == ((), 1_200_050, 1_200_050)


def test_what_is_shown_reads_as_what_it_was() -> None:
    rows = (DraftRow("7010", 1_200_050, ((1, "N"), (6, "P;1"))), DraftRow("2910", -1_200_050, (), "Dec"))
    content = EntryContent(date(2025, 6, 30), "Löner", rows, "2025-06", reversed_next=True)
    for language in ("sv", "en"):
        typed = typed_of(content, Words(language), CHART.accounts)
        assert read(typed, CHART).content == content


def test_a_date_makes_its_month_the_period() -> None:
    now = read(form(**WHOLE, period="day", date="2025-11-15"), CHART)
    assert (now.content.date, now.content.period, now.found) == (date(2025, 11, 15), "2025-11", ())


def test_everything_wrong_is_told_by_field_and_row_as_rows_are_shown() -> None:
    typed = form(
        account_2="1999", debit_2="tolv", account_5="2910", debit_5="1", credit_5="1", period="day", date="i går"
    )
    now = read(typed, CHART)
    assert [(each.code, each.row) for each in now.found] == [
        ("entry-form-date", None),
        ("entry-form-amount", 1),
        ("entry-form-both", 2),
        ("entry-text-missing", None),
        ("entry-account-unknown", 1),
    ]


def test_a_draft_may_lack_what_it_likes_but_not_what_cannot_be_kept() -> None:
    unbalanced = read(form(account_1="7010", debit_1="5"), CHART)
    assert unbalanced.standing_in_the_way(draft=True) == ()
    assert unbalanced.standing_in_the_way(draft=False) != ()
    unread = read(form(account_1="7010", debit_1="x"), CHART)
    assert [each.code for each in unread.standing_in_the_way(draft=True)] == ["entry-form-amount"]


def test_rows_to_type_in_follow_those_that_are_filled() -> None:
    typed = form(**WHOLE)
    assert [len(typed.rows), len(typed.padded()), len(typed.padded(more=True)), len(TypedEntry().padded())] == [
        2,
        4,
        6,
        4,
    ]


@pytest.mark.parametrize(
    ("kind", "subject", "origin"),
    [
        ("difference", "2910", Origin("difference", "2910")),
        ("attachment", "receivables:3:overdue-items", Origin("attachment", "receivables:3:overdue-items")),
        ("difference", "1999", Origin()),
        ("reversal", "1", Origin()),
        ("attachment", "receivables:x:y", Origin()),
        ("attachment", "stock:1:y", Origin()),
        ("attachment", "receivables:1:<b>", Origin()),
    ],
)
def test_an_origin_is_believed_only_when_it_could_be(kind: str, subject: str, origin: Origin) -> None:
    assert origin_of(kind, subject, CHART) == origin


def test_several_objects_of_a_dimension_stand_beside_each_other() -> None:
    rows = read(form(**WHOLE | {"object_6_1": "P;1", "object_6_3": "P2; N2"}), CHART).content.rows
    assert [row.objects for row in rows] == [((1, "N"), (6, "P;1")), ((6, "P2"), (6, "N2"))]


def test_a_day_that_is_none_is_told() -> None:
    assert typed_day("") is None
    with pytest.raises(DataError) as raised:
        typed_day("2025-02-30")
    assert raised.value.code == "entry-form-date"
