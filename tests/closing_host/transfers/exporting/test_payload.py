"""What was approved is what is sent, to the last bit (G3, B15, B27)."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing_host.api.context import ExportRequest
from closing_host.api.ledger import FinancialYear
from closing_host.api.money import MAX_ORE
from closing_host.api.vouchers import DraftRow, VoucherDraft
from closing_host.storage.export_tables import export_voucher
from closing_host.transfers.exporting.payload import Recipient, digest, digest_of_all, frozen, thawed
from export_firm import Firm

RECIPIENT = Recipient("books", "29302", "5560004615")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ROW = st.builds(
    DraftRow,
    TEXT,
    st.integers(-MAX_ORE, MAX_ORE),
    st.lists(st.tuples(st.integers(1, 20), TEXT), max_size=3).map(tuple),
    TEXT,
)
REQUEST = st.builds(
    ExportRequest,
    st.builds(lambda start, end, id: FinancialYear(0, start, end, id), st.dates(), st.dates(), TEXT),
    TEXT,
    st.builds(VoucherDraft, TEXT, st.dates(), TEXT, st.lists(ROW, max_size=4).map(tuple)),
)


@given(REQUEST)
def test_a_request_comes_back_exactly(request: ExportRequest) -> None:
    assert thawed(frozen(RECIPIENT, request), "V1") == request


@given(REQUEST, REQUEST)
def test_two_requests_have_one_hash_only_if_they_are_equal(one: ExportRequest, other: ExportRequest) -> None:
    same = digest(frozen(RECIPIENT, one)) == digest(frozen(RECIPIENT, other))
    assert same is (one == other)


def test_the_recipient_is_part_of_what_is_approved() -> None:
    year = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))
    request = ExportRequest(year, "I", VoucherDraft("BK", date(2025, 1, 1), "x", ()))
    changed = [replace(RECIPIENT, **{name: "x"}) for name in ("source_id", "account_id", "organisation_number")]
    assert len({digest(frozen(each, request)) for each in (RECIPIENT, *changed)}) == 4
    assert digest_of_all(["a", "b"]) != digest_of_all(["ab"])


@pytest.mark.parametrize("what", ["amount", "date", "series", "text", "account", "no JSON", "no rows"])
def test_a_payload_that_was_changed_in_the_database_is_never_sent(firm: Firm, what: str) -> None:
    """The bit flip, where nobody would look (B27)."""
    firm.add()
    frozen_ = []

    def tamper(done: int) -> None:
        from sqlalchemy import update

        _, (voucher,) = firm.journal()
        stored = json.loads(voucher.payload)
        match what:
            case "amount":
                stored["rows"][0][1] += 1
            case "account":
                stored["account"] = "70013"
            case "no rows":
                del stored["rows"]
            case "no JSON":
                stored = None
            case name:
                stored[name] = {"date": "2025-12-30", "series": "A", "text": "V1 x"}[name]
        text = "{" if stored is None else json.dumps(stored)
        with firm.host.store.database.write() as connection:
            connection.execute(update(export_voucher).values(payload=text))
        frozen_.append(done)

    view = firm.export(watch=lambda stage, done, total: tamper(done) if not frozen_ else None)
    assert (view.state, view.reason, firm.ledger.sent) == ("STOPPED", "export-payload-changed", [])


def test_an_entry_that_was_edited_after_the_approval_is_not_sent(firm: Firm) -> None:
    firm.add(100)
    second = firm.add(200)
    firm.ledger.before = lambda request: firm.edit(second, text="Annat") if not firm.ledger.sent else None
    view = firm.export()
    assert (view.state, view.booked, view.reason) == ("STOPPED", 1, "export-entry-changed")
    assert firm.export().state == "COMPLETED"
    assert firm.ledger.vouchers[-1].text == "V2 Annat"
