from dataclasses import replace
from datetime import date

import pytest

from attachment_books import END, START, Books, acceptance
from closing_host.api.errors import DataError
from closing_host.api.ledger import Company, FinancialYear, LedgerBuilder
from closing_host.api.subledger import Document, OpenItem, OpenItems
from closing_host.closing import attachment_of, item_changes


def test_acceptance_example_to_the_ore() -> None:
    made = acceptance().attachment()
    columns = ("document", "original", "paid", "open", "days", "bucket", "paid_after", "paid_after_on")
    assert made.items.select(columns).rows() == [
        ("101", 1_250_000, 500_000, 750_000, 47, "days_31_60", 0, None),
        ("102", 2_500_000, 0, 2_500_000, -9, "not_due", 2_500_000, date(2026, 1, 8)),
        ("103", 312_550, 0, 312_550, 183, "days_over_90", 0, None),
        ("104", -100_000, 0, -100_000, 11, "days_1_30", 0, None),
    ]
    assert made.not_counted.select("reason", "document", "original").rows() == [
        ("unbooked", "106", 800_000),
        ("cancelled", "107", 600_000),
    ]
    assert made.ageing["amount"].to_list() == [2_500_000, -100_000, 750_000, 0, 312_550]
    assert made.credits == -100_000
    reconciliation = made.reconciliation
    assert (reconciliation.ledger, reconciliation.open) == (3_412_550, 3_462_550)
    assert (reconciliation.reconciled, reconciliation.difference) == (3_462_550, -50_000)
    assert made.explanation.amounts == {"a": -50_000, "b": 0, "c": 0, "d": 0, "e": 0, "f": 0, "g": 0}
    row = made.explanation.rows.row(0, named=True)
    assert (row["class"], row["series"], row["number"], row["amount"]) == ("a", "A", "77", -50_000)
    assert made.parting is not None
    assert made.parting.day == END
    assert made.parting.vouchers.select("series", "number", "difference").rows() == [("A", "77", -50_000)]
    assert made.final
    assert made.detailed


def test_payables_stand_in_credit_and_are_listed_positive() -> None:
    books = Books("payables")
    books.document("24", date(2025, 12, 3), 4_881_250)
    books.document("25", date(2025, 12, 18), 1_225_000)
    books.pay("25", date(2025, 12, 30), 25_000)
    books.voucher("A", date(2025, 12, 31), ("2440", -700), ("1930", 700))
    reconciliation = books.attachment().reconciliation
    assert reconciliation.open == 4_881_250 + 1_200_000
    assert reconciliation.ledger == -(4_881_250 + 1_200_000) - 700
    assert reconciliation.reconciled == -reconciliation.open
    assert reconciliation.difference == -700


def test_an_import_in_february_equals_one_on_the_closing_day() -> None:
    february = acceptance()
    december = acceptance()
    december.complete_to = END
    del december.documents["105"]
    december.payments = [each for each in december.payments if each.dated <= END]
    late, early = february.attachment(), december.attachment()
    assert late.items.drop("paid_after", "paid_after_on").equals(early.items.drop("paid_after", "paid_after_on"))
    assert item_changes(early.items, late.items).is_empty()
    assert late.explanation.rows.equals(early.explanation.rows)
    assert late.not_counted.equals(early.not_counted)
    assert late.ageing.equals(early.ageing)
    assert late.series.drop("final").equals(early.series.drop("final"))
    assert (late.final, early.final) == (True, True)


def test_a_day_after_the_import_is_not_final() -> None:
    books = acceptance()
    books.complete_to = date(2025, 12, 30)
    made = books.attachment()
    assert not made.final
    assert made.series.filter("final")["date"].max() == date(2025, 12, 30)
    assert "attachment-not-final" in [finding.code for finding in made.findings]


def test_the_as_at_day_is_the_years_last_unless_told() -> None:
    books = acceptance()
    assert attachment_of(books.ledger(), books.facts()).as_at == END


def test_a_day_outside_the_year_is_refused() -> None:
    with pytest.raises(DataError, match="attachment-outside-year"):
        acceptance().attachment(date(2026, 1, 1))


def test_a_day_before_the_source_is_complete_is_refused() -> None:
    books = acceptance()
    books.complete_from = date(2025, 11, 1)
    assert books.attachment(date(2025, 11, 1)).reconciliation.open == 1_250_000 + 312_550
    with pytest.raises(DataError, match="attachment-not-covered"):
        books.attachment(date(2025, 10, 31))


def test_a_ledger_without_a_year_is_refused() -> None:
    with pytest.raises(DataError, match="attachment-no-year"):
        attachment_of(LedgerBuilder(Company(), []).build(), acceptance().facts())


def test_a_side_without_control_accounts_is_refused() -> None:
    books = acceptance()
    with pytest.raises(DataError, match="attachment-no-control-account"):
        attachment_of(books.ledger(), replace(books.facts(), control_accounts=()))


def test_a_repeated_document_number_is_refused() -> None:
    books = acceptance()
    facts = books.facts()
    twice: tuple[Document, ...] = (*facts.documents, facts.documents[0])
    with pytest.raises(DataError, match="attachment-document-repeated"):
        attachment_of(books.ledger(), replace(facts, documents=twice))


def test_the_users_control_accounts_win() -> None:
    books = acceptance()
    books.voucher("A", END, ("1511", 50_000), ("3001", -50_000))
    made = books.attachment(control_accounts=["1511", "1510"])
    assert made.control_accounts == ("1510", "1511")
    assert made.reconciliation.accounts.select("account", "closing").rows() == [("1510", 3_412_550), ("1511", 50_000)]
    assert made.reconciliation.difference == 0


def test_nothing_at_all_is_an_attachment_of_nothing() -> None:
    made = Books().attachment()
    assert made.items.is_empty()
    assert made.reconciliation.difference == 0
    assert made.parting is None
    assert made.findings == ()


def open_items(as_at: date = END) -> OpenItems:
    items = (
        OpenItem("9", "10", "Tio AB", date(2025, 11, 1), date(2025, 12, 1), 90_000),
        OpenItem("10", "9", "Nio AB", date(2025, 12, 1), None, -10_000),
        OpenItem("11", "9", "Nio AB", date(2025, 12, 1), None, 0),
    )
    return OpenItems("receivables", ("1510",), as_at, items)


def test_plain_open_items_are_aged_and_reconciled_but_not_explained() -> None:
    books = Books()
    books.voucher("A", END, ("1510", 100_000), ("3001", -100_000))
    made = attachment_of(books.ledger(), open_items())
    assert made.items.select("document", "open", "days", "due_missing").rows() == [
        ("10", -10_000, 30, True),
        ("9", 90_000, 30, False),
    ]
    assert made.reconciliation.difference == 20_000
    assert made.explanation.amounts["g"] == 20_000
    assert not made.explanation.complete
    assert not made.detailed
    assert made.parting is None
    assert made.series.is_empty()
    assert "attachment-items-only" in [finding.code for finding in made.findings]


def test_plain_open_items_hold_for_their_own_day_only() -> None:
    ledger = Books().ledger()
    assert attachment_of(ledger, open_items(), END).as_at == END
    with pytest.raises(DataError, match="attachment-other-day"):
        attachment_of(ledger, open_items(), date(2025, 11, 30))
    with pytest.raises(DataError, match="attachment-outside-year"):
        attachment_of(ledger, open_items(date(2026, 2, 14)))


def test_a_ledger_of_balances_only_is_reconciled_and_its_movement_is_unexplained() -> None:
    builder = LedgerBuilder(Company("Exempel AB"), [FinancialYear(0, START, END)])
    builder.add_balance("IB", "1510", 10_000)
    builder.add_balance("UB", "1510", 1_262_000)
    books = Books()
    books.document("1", date(2025, 10, 15), 1_250_000, book=False)
    made = attachment_of(builder.build(), books.facts())
    assert made.reconciliation.difference == 12_000
    assert made.explanation.amounts == {"a": 0, "b": 0, "c": 0, "d": 0, "e": -1_250_000, "f": 10_000, "g": 1_252_000}
