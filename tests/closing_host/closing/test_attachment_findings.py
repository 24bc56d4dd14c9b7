from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from attachment_books import END, Books, euro
from closing_host.api.subledger import Document, OpenItem, OpenItems, Side
from closing_host.api.vouchers import DraftRow
from closing_host.closing import AttachmentFinding, attachment_of


def found(books: Books, code: str, as_at: date = END, **options: Any) -> list[AttachmentFinding]:
    return [finding for finding in books.attachment(as_at, **options).findings if finding.code == code]


def rows(finding: AttachmentFinding) -> list[tuple[str, int]]:
    assert finding.proposal is not None
    return [(row.account, row.amount) for row in finding.proposal.rows]


def test_customers_in_credit_are_proposed_to_be_moved_to_the_liabilities() -> None:
    books = Books()
    books.document("1", date(2025, 12, 1), 1_000, party="1")
    books.document("2", date(2025, 12, 1), -300, party="2")
    books.document("3", date(2025, 12, 1), -20, party="3")
    (finding,) = found(books, "attachment-receivables-reversed")
    assert finding.parties == ("2", "3")
    assert finding.parameters == {"count": 2, "amount": Decimal("3.20"), "account": "2420"}
    assert finding.proposal is not None
    assert finding.proposal.reversed_next
    assert finding.proposal.rows == (
        DraftRow("1510", 300, text="Part 2"),
        DraftRow("1510", 20, text="Part 3"),
        DraftRow("2420", -320),
    )


def test_suppliers_in_debit_are_proposed_to_be_moved_to_the_receivables() -> None:
    books = Books("payables")
    books.document("1", date(2025, 12, 1), -300, party="2")
    (finding,) = found(books, "attachment-payables-reversed")
    assert rows(finding) == [("2440", -300), ("1680", 300)]


def test_a_party_whose_credits_are_covered_is_not_reversed() -> None:
    books = Books()
    books.document("1", date(2025, 12, 1), 1_000)
    books.document("2", date(2025, 12, 1), -300)
    assert found(books, "attachment-receivables-reversed") == []


def test_old_receivables_are_proposed_to_be_written_down_without_their_vat() -> None:
    books = Books()
    sale = [("1510", 1_250), ("2611", -250), ("3001", -1_000)]
    books.document("1", date(2025, 6, 1), 1_250, rows=sale)
    books.pay("1", date(2025, 6, 20), 250)
    books.document("2", date(2025, 6, 1), -10)
    (finding,) = found(books, "attachment-receivables-old")
    assert finding.documents == ("1",)
    assert finding.parameters["amount"] == Decimal("10.00")
    assert finding.parameters["net"] == Decimal("8.00")
    assert rows(finding) == [("6352", 800), ("1519", -800)]
    assert found(books, "attachment-vat-unknown") == []


def test_what_is_written_down_already_is_not_proposed_again() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000)
    books.voucher("A", END, ("6352", 700), ("1519", -700))
    (finding,) = found(books, "attachment-receivables-old")
    assert rows(finding) == [("6352", 300), ("1519", -300)]
    books.voucher("A", END, ("6352", 900), ("1519", -900))
    (finding,) = found(books, "attachment-receivables-old")
    assert finding.proposal is None


def test_the_vat_of_an_earlier_years_invoice_is_not_known() -> None:
    books = Books(openings={"1510": 1_000})
    books.document("1", date(2024, 6, 1), 1_000)
    (finding,) = found(books, "attachment-vat-unknown")
    assert finding.documents == ("1",)
    books = Books(openings={"1510": 1_000})
    books.document("1", date(2024, 6, 1), 1_000, vat=200)
    assert found(books, "attachment-vat-unknown") == []
    assert rows(found(books, "attachment-receivables-old")[0]) == [("6352", 800), ("1519", -800)]


def test_old_payables_are_named_and_nothing_is_proposed() -> None:
    books = Books("payables")
    books.document("1", date(2025, 6, 1), 1_000)
    (finding,) = found(books, "attachment-payables-old")
    assert finding.proposal is None


def test_a_party_with_more_than_a_quarter_is_named() -> None:
    books = Books()
    for number, (party, amount) in enumerate((("1", 2_500), ("2", 2_501), ("3", 2_499), ("4", 2_500))):
        books.document(str(number), date(2025, 12, 1), amount, party=party)
    (finding,) = found(books, "attachment-large-party")
    assert finding.parties == ("2",)
    assert finding.parameters["percent"] == 25


@pytest.mark.parametrize(("dated", "named"), [(date(2025, 12, 1), 0), (date(2025, 11, 30), 1)])
def test_a_negative_item_older_than_thirty_days_is_named(dated: date, named: int) -> None:
    books = Books()
    books.document("1", dated, -100)
    assert len(found(books, "attachment-old-credit")) == named


def test_the_same_suppliers_number_twice_is_named_even_when_it_is_written_otherwise() -> None:
    books = Books("payables")
    books.document("1", date(2025, 6, 1), 1_000, party="1", external_number="F-2001")
    books.document("2", date(2025, 6, 8), 1_000, party="1", external_number="f 2001")
    books.document("3", date(2025, 6, 8), 1_000, party="2", external_number="F2001")
    books.document("4", date(2025, 6, 8), -1_000, party="2", external_number="F2001")
    books.document("5", date(2025, 6, 8), 1_000, party="3")
    books.document("6", date(2025, 6, 8), 1_000, party="3")
    books.pay("1", date(2025, 7, 1), 1_000)
    (finding,) = found(books, "attachment-duplicate")
    assert finding.documents == ("1", "2")


def test_customers_numbers_are_never_duplicates() -> None:
    books = Books()
    for number in ("1", "2"):
        books.document(number, date(2025, 6, 1), 1_000, external_number="X1")
    assert found(books, "attachment-duplicate") == []


def test_the_cash_method_is_no_error_and_its_open_items_are_proposed() -> None:
    books = Books(cash_method=True)
    books.document("1", date(2025, 11, 1), 1_250, book=False, vat=250)
    books.document("2", date(2025, 11, 1), 1_000, book=False)
    (finding,) = found(books, "attachment-cash-method")
    assert finding.severity == "info"
    assert found(books, "attachment-difference") == []
    assert finding.documents == ("2",)
    assert rows(finding) == [("1510", 2_250), ("2618", -250), ("", -2_000)]


def test_the_cash_methods_payables_have_dormant_input_vat() -> None:
    books = Books("payables", cash_method=True)
    books.document("1", date(2025, 11, 1), 1_250, book=False, vat=250)
    (finding,) = found(books, "attachment-cash-method")
    assert rows(finding) == [("2440", -1_250), ("2648", 250), ("", 1_000)]


def test_what_the_cash_method_has_booked_already_is_not_proposed_again() -> None:
    books = Books(cash_method=True)
    books.document("1", date(2025, 11, 1), 1_250, book=False, vat=250)
    books.voucher("A", END, ("1510", 1_250), ("2618", -250), ("3001", -1_000))
    (finding,) = found(books, "attachment-cash-method")
    assert finding.proposal is None


def test_documents_to_check_are_named() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100, balance=70)
    (finding,) = found(books, "attachment-check")
    assert finding.documents == ("1",)


def test_payments_of_unknown_documents_are_named() -> None:
    books = Books()
    books.pay("404", date(2025, 7, 1), 1_000)
    (finding,) = found(books, "attachment-payment-alone")
    assert finding.documents == ("404",)


def test_differences_that_cancel_are_named() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000, book=False)
    books.voucher("A", date(2025, 6, 1), ("1510", 1_000), ("3001", -1_000))
    assert len(found(books, "attachment-differences-cancel")) == 1
    assert found(books, "attachment-difference") == []


def test_other_accounts_are_named_with_the_documents_on_them() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 1_000, rows=[("1510", 700), ("1513", 300), ("3001", -1_000)])
    (finding,) = found(books, "attachment-other-account")
    assert (finding.parameters, finding.documents) == ({"accounts": "1513"}, ("1",))


def test_a_write_off_after_the_day_is_named() -> None:
    books = Books()
    books.document("1", date(2025, 12, 1), 1_000)
    books.pay("1", date(2026, 1, 20), 1_000, kind="write_off")
    (finding,) = found(books, "attachment-written-off-after")
    assert finding.parameters["amount"] == Decimal("10.00")


def test_documents_booked_later_and_without_due_date_are_named() -> None:
    books = Books()
    books.document("1", date(2025, 12, 28), 1_000, on=date(2026, 1, 2))
    books.document("2", date(2025, 12, 28), 1_000, terms=None)
    assert found(books, "attachment-booked-later")[0].documents == ("1",)
    assert found(books, "attachment-due-missing")[0].documents == ("2",)


def test_a_source_that_begins_within_the_year_says_so() -> None:
    books = Books(complete_from=date(2025, 3, 1))
    assert found(books, "attachment-covered-from")[0].parameters == {"complete_from": date(2025, 3, 1)}


def test_foreign_items_without_a_closing_rate_ask_for_one() -> None:
    books = Books()
    books.document("1", date(2025, 12, 1), 112_345, foreign=euro(10_000, "11.2345"))
    assert found(books, "attachment-rate-missing")[0].documents == ("1",)
    assert found(books, "attachment-currency") == []


@pytest.mark.parametrize(
    ("side", "entry"),
    [
        ("receivables", [("1510", 1_655), ("3960", -1_855), ("7960", 200)]),
        ("payables", [("2440", -1_655), ("3960", -200), ("7960", 1_855)]),
    ],
)
def test_foreign_items_are_proposed_to_be_valued_at_the_closing_rate(side: Side, entry: list[tuple[str, int]]) -> None:
    books = Books(side)
    books.document("1", date(2025, 12, 1), 112_345, foreign=euro(10_000, "11.2345"))
    books.document("2", date(2025, 12, 1), 11_620, foreign=euro(1_000, "11.62"))
    rates = {"EUR": Decimal("11.42")}
    (finding,) = found(books, "attachment-currency", closing_rates=rates)
    assert rows(finding) == entry
    assert books.attachment(closing_rates=rates).currency.select("document", "value", "closing_rate").rows() == [
        ("1", 114_200, Decimal("11.42")),
        ("2", 11_420, Decimal("11.42")),
    ]


def test_plain_open_items_have_findings_too() -> None:
    day = date(2025, 3, 1)
    items = tuple(OpenItem(str(n), "1", "Ett AB", day, day, 500, external_number="F1") for n in range(2))
    made = attachment_of(Books("payables").ledger(), OpenItems("payables", ("2440",), END, items))
    codes = [finding.code for finding in made.findings]
    assert {"attachment-payables-old", "attachment-duplicate", "attachment-large-party"} <= set(codes)
    receivables = attachment_of(Books().ledger(), OpenItems("receivables", ("1510",), END, items))
    assert "attachment-vat-unknown" in [finding.code for finding in receivables.findings]


def test_every_finding_and_proposal_has_words() -> None:
    from closing_host.locale.messages import attachments

    books = Books(complete_from=date(2025, 1, 2), complete_to=date(2025, 12, 1))
    books.document("1", date(2025, 6, 1), 1_000, foreign=euro(100, "10"), balance=3)
    books.document("2", date(2025, 6, 1), -3_000, party="2", terms=None)
    books.document("3", date(2025, 12, 28), 1_000, on=date(2026, 1, 2))
    made = books.attachment(closing_rates={"EUR": Decimal(11)})
    assert len(made.findings) > 7
    for finding in made.findings:
        assert attachments.MESSAGES[finding.code].format(**finding.parameters)
        if finding.proposal:
            assert attachments.MESSAGES[finding.proposal.code].format(**finding.proposal.parameters)


def test_a_document_that_is_credited_in_full_leaves_no_trace() -> None:
    books = Books()
    first: Document = books.document("1", date(2025, 6, 1), 1_000)
    books.document("2", date(2025, 6, 2), -1_000)
    for number, amount in (("1", 1_000), ("2", -1_000)):
        books.pay(number, date(2025, 6, 2), amount, kind="set_off", book=False)
    assert first.number not in books.attachment().items["document"].to_list()
    assert books.attachment().findings == ()
