"""What a source stated comes back as it was, whatever it was."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attachment_books import acceptance
from closing_host.api.errors import DataError
from closing_host.api.money import MAX_ORE
from closing_host.api.subledger import (
    Document,
    Foreign,
    OpenItem,
    OpenItems,
    Payment,
    Side,
    SubLedger,
    VoucherRef,
)
from closing_host.closing import attachment_of
from closing_host.closing.kept_facts import TABLES, put_together, taken_apart

TEXTS = st.text(max_size=6)
DAYS = st.dates()
AMOUNTS = st.integers(-MAX_ORE, MAX_ORE)
RATES = st.decimals(Decimal("0.000000000001"), 10**9, places=12)
SIDES: st.SearchStrategy[Side] = st.sampled_from(["receivables", "payables"])
ACCOUNTS = st.lists(TEXTS, max_size=3).map(tuple)
VOUCHERS = st.none() | st.builds(VoucherRef, DAYS, TEXTS, TEXTS)
FOREIGN = st.none() | st.builds(Foreign, TEXTS, AMOUNTS, RATES)
DOCUMENTS = st.builds(
    Document,
    number=TEXTS,
    party=TEXTS,
    party_name=TEXTS,
    dated=DAYS,
    due=st.none() | DAYS,
    total=AMOUNTS,
    balance=st.none() | AMOUNTS,
    booked=st.booleans(),
    cancelled=st.booleans(),
    voucher=VOUCHERS,
    external_number=TEXTS,
    foreign=FOREIGN,
    accounts=ACCOUNTS,
    vat=st.none() | AMOUNTS,
)
PAYMENTS = st.builds(
    Payment,
    number=TEXTS,
    document=TEXTS,
    dated=DAYS,
    amount=AMOUNTS,
    booked=st.booleans(),
    kind=st.sampled_from(["payment", "write_off", "currency_difference", "set_off"]),
    voucher=VOUCHERS,
    foreign=FOREIGN,
)
SUB_LEDGERS = st.builds(
    SubLedger,
    SIDES,
    ACCOUNTS,
    st.lists(DOCUMENTS, max_size=5, unique_by=lambda each: each.number).map(tuple),
    st.lists(PAYMENTS, max_size=5).map(tuple),
    DAYS,
    DAYS,
    st.booleans(),
)
ITEMS = st.builds(OpenItem, TEXTS, TEXTS, TEXTS, DAYS, st.none() | DAYS, AMOUNTS, TEXTS)
OPEN_ITEMS = st.builds(OpenItems, SIDES, ACCOUNTS, DAYS, st.lists(ITEMS, max_size=5).map(tuple))


@given(SUB_LEDGERS | OPEN_ITEMS)
def test_facts_come_back_as_they_were_stated(facts: SubLedger | OpenItems) -> None:
    head, tables = taken_apart(facts)
    assert tuple(tables) == TABLES[head.kind]
    assert put_together(head, tables) == facts


def test_the_attachment_of_facts_that_came_back_is_the_same() -> None:
    books = acceptance()
    head, tables = taken_apart(books.facts())
    again = attachment_of(books.ledger(), put_together(head, tables), date(2025, 12, 31))
    made = books.attachment()
    assert again.items.equals(made.items)
    assert (again.reconciliation.difference, again.explanation.amounts) == (-50_000, made.explanation.amounts)
    assert again.findings == made.findings


def test_a_document_number_that_repeats_cannot_be_kept() -> None:
    document = Document("1", "1", "Part 1", date(2025, 1, 1), None, 100, None, True, False)
    with pytest.raises(DataError, match="attachment-document-repeated"):
        taken_apart(SubLedger("payables", (), (document, document), (), date(2025, 1, 1), date(2025, 2, 1)))
